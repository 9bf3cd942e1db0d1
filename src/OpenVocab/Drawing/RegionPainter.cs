using System.Numerics;
using OpenCvSharp;
using OpenVocab.Counting;

namespace OpenVocab.Drawing;

/// <summary>Draws count lines (with an arrow where <i>in</i> leads to) and zones, with their numbers.</summary>
internal static class RegionPainter
{
    private static readonly Scalar s_color = new(0, 220, 255);

    internal static void Draw(Mat picture, IReadOnlyList<RegionCounts> counts, int line, HersheyFonts font, double scale)
    {
        foreach (RegionCounts region in counts)
        {
            Point[] points = [.. region.Region.Points.Select(ToPoint)];
            Cv2.Polylines(picture, [points], region.Region is CountZone, s_color, line, LineTypes.AntiAlias);
            if (region.Region is CountLine crossed) { DrawArrow(picture, crossed, line); }
            string inside = region.Region is CountZone ? Invariant($" inside {region.Inside}") : "";
            DrawText(picture, Invariant($"{region.Region.Name}: in {region.In} out {region.Out}{inside}"), points[0], font, scale);
        }
    }

    private static void DrawArrow(Mat picture, CountLine crossed, int line)
    {
        Vector2 middle = (crossed.Start + crossed.End) / 2, along = Vector2.Normalize(crossed.End - crossed.Start);
        Vector2 inwards = new Vector2(-along.Y, along.X) * Math.Clamp((crossed.End - crossed.Start).Length() / 8, 12, 40);
        Cv2.ArrowedLine(picture, ToPoint(middle), ToPoint(middle + inwards), s_color, line, LineTypes.AntiAlias, tipLength: 0.4);
    }

    private static void DrawText(Mat picture, string text, Point at, HersheyFonts font, double scale)
    {
        int stroke = Math.Max(1, (int)Math.Round(scale * 1.6));
        Size extent = Cv2.GetTextSize(text, font, scale, stroke, out int below);
        Size size = picture.Size();
        Rect place = new(Math.Clamp(at.X, 0, Math.Max(0, size.Width - extent.Width - 6)), Math.Clamp(at.Y + 4, 0, Math.Max(0, size.Height - extent.Height - below - 4)), extent.Width + 6, extent.Height + below + 4);
        Cv2.Rectangle(picture, place, s_color, -1);
        Cv2.PutText(picture, text, new Point(place.X + 3, place.Y + 2 + extent.Height), font, scale, ClassPalette.Ink(s_color), stroke, LineTypes.AntiAlias);
    }

    private static Point ToPoint(Vector2 point) => new((int)Math.Round(point.X), (int)Math.Round(point.Y));
}
