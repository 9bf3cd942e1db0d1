using OpenCvSharp;
using OpenVocab.Drawing;
using OpenVocab.Sinks;

namespace OpenVocab.Cli.Searching;

/// <summary>Pictures that were found as one picture: a grid, best first, each with its rank, score and name.</summary>
internal static class ContactSheet
{
    /// <summary>More would be no overview, and a JPEG has 65,535 rows at most.</summary>
    internal const int MostPictures = 200;

    private const int Margin = 12, Caption = 40, Heading = 44, MostColumns = 10;
    private const double HeadingScale = 0.7, CaptionScale = 0.45;

    private static readonly Size s_cell = new(256, 192);
    private static readonly Scalar s_paper = new(250, 250, 250), s_mount = new(225, 225, 225), s_ink = new(30, 30, 30), s_pale = new(110, 110, 110);

    /// <summary>Draws the sheet and writes it.</summary>
    /// <param name="path">Its extension says the format.</param>
    /// <param name="query">What was looked for.</param>
    /// <param name="hits">Best first; the first <see cref="MostPictures"/> are shown.</param>
    /// <exception cref="SinkException">It cannot be written.</exception>
    internal static void Write(string path, string query, IReadOnlyList<ShownPicture> hits)
    {
        using Mat sheet = Draw(query, hits);
        PictureWriter.Write(path, sheet, jpegQuality: 88);
    }

    /// <summary>The sheet. The caller disposes it.</summary>
    internal static Mat Draw(string query, IReadOnlyList<ShownPicture> hits)
    {
        int count = Math.Min(hits.Count, MostPictures);
        int columns = Math.Clamp((int)Math.Ceiling(Math.Sqrt(count)), Math.Min(3, Math.Max(count, 1)), MostColumns), rows = (count + columns - 1) / columns;
        Mat sheet = new(Heading + rows * (s_cell.Height + Caption + Margin) + Margin, Margin + columns * (s_cell.Width + Margin), MatType.CV_8UC3, s_paper);
        string heading = DrawnText.Readable(count == 0 ? $"{query}: nothing found" : query);
        Cv2.PutText(sheet, DrawnText.Tail(heading, sheet.Width - 2 * Margin, HeadingScale, 1), new Point(Margin, 30), DrawnText.Font, HeadingScale, s_ink, 1, LineTypes.AntiAlias);
        for (int i = 0; i < count; i++)
        {
            Point corner = new(Margin + i % columns * (s_cell.Width + Margin), Heading + i / columns * (s_cell.Height + Caption + Margin));
            Mount(sheet, corner, hits[i]);
            Label(sheet, corner, hits[i].Numbers, 16, s_ink);
            Label(sheet, corner, hits[i].Name, 33, s_pale);
        }
        return sheet;
    }

    private static void Mount(Mat sheet, Point corner, ShownPicture hit)
    {
        Cv2.Rectangle(sheet, new Rect(corner, s_cell), s_mount, -1);
        using Mat? small = hit.Small(s_cell);
        if (small is null)
        {
            Cv2.PutText(sheet, "cannot be read", new Point(corner.X + 70, corner.Y + s_cell.Height / 2), DrawnText.Font, CaptionScale, s_pale, 1, LineTypes.AntiAlias);
            return;
        }
        using Mat place = sheet.SubMat(new Rect(corner.X + (s_cell.Width - small.Width) / 2, corner.Y + (s_cell.Height - small.Height) / 2, small.Width, small.Height));
        small.CopyTo(place);
    }

    private static void Label(Mat sheet, Point corner, string text, int below, Scalar color) => Cv2.PutText(
        sheet, DrawnText.Tail(DrawnText.Readable(text), s_cell.Width, CaptionScale, 1), new Point(corner.X, corner.Y + s_cell.Height + below), DrawnText.Font, CaptionScale, color, 1, LineTypes.AntiAlias);
}
