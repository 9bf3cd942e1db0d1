using OpenCvSharp;

namespace OpenVocab.Drawing;

/// <summary>Draws boxes and labels into a picture, trails where things are tracked, lines and zones where they are counted.</summary>
/// <remarks>Not safe for two threads at once: make one for each. Trails need one annotator for all frames of a source.</remarks>
public sealed class Annotator
{
    private const HersheyFonts Font = DrawnText.Font;

    private readonly AnnotatorOptions _options;
    private readonly LabelLayout _layout = new();
    private readonly TrackTrails _trails = new();

    /// <summary>Makes an annotator.</summary>
    /// <param name="options">Null: the defaults.</param>
    public Annotator(AnnotatorOptions? options = null)
    {
        _options = options ?? new();
        if (_options.LineWidth is < 0 or > 100)
        {
            throw new ArgumentException($"LineWidth is {_options.LineWidth}; it must lie between 0 and 100.", nameof(options));
        }
        if (_options.TrailLength is < 0 or > 10_000)
        {
            throw new ArgumentException($"TrailLength is {_options.TrailLength}; it must lie between 0 and 10000.", nameof(options));
        }
    }

    /// <summary>Forgets the trails: another source begins, whose tracks count from 1 again.</summary>
    public void Reset() => _trails.Clear();

    /// <summary>Draws a result into its picture.</summary>
    /// <param name="picture">CV_8UC3, changed in place.</param>
    /// <param name="result">What was found in it.</param>
    public void Draw(Mat picture, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(result);
        ClassPalette palette = ClassPalette.For(result.Vocabulary);
        Size size = picture.Size();
        int line = _options.LineWidth > 0 ? _options.LineWidth : Math.Max(1, (int)Math.Round((size.Width + size.Height) / 2.0 * 0.0025));
        double scale = Math.Max(line / 4.0, 0.38);
        _layout.Clear();
        RegionPainter.Draw(picture, result.Counts, line, Font, scale);
        if (_options.TrailLength > 0) { _trails.Draw(picture, result, palette, _options.TrailLength, line); }
        // The best last: where things overlap it lies on top.
        for (int i = result.Items.Count - 1; i >= 0; i--)
        {
            Cv2.Rectangle(picture, ToRect(result.Items[i].Box, size), palette[result.Items[i].ClassId], line, LineTypes.AntiAlias);
        }
        if (!_options.Labels) { return; }
        foreach (Detection found in result.Items) { DrawLabel(picture, size, found, TextOf(result, found), palette[found.ClassId], scale, line); }
    }

    private void DrawLabel(Mat picture, Size size, Detection found, string text, Scalar color, double scale, int line)
    {
        int stroke = Math.Max(1, (int)Math.Round(scale * 1.6));
        Size extent = Cv2.GetTextSize(text, Font, scale, stroke, out int below);
        int margin = Math.Max(2, line);
        Size label = new(extent.Width + 2 * margin, extent.Height + below + margin);
        Rect box = ToRect(found.Box, size);
        // The line is drawn half outside of the box; the label begins where the line does.
        Rect place = _layout.Place(new Rect(box.X - line / 2, box.Y, box.Width + line, box.Height), label, size);
        Cv2.Rectangle(picture, place, color, -1);
        Cv2.PutText(picture, text, new Point(place.X + margin, place.Y + margin / 2 + extent.Height), Font, scale, ClassPalette.Ink(color), stroke, LineTypes.AntiAlias);
    }

    private string TextOf(FrameResult result, Detection found)
    {
        string name = Drawable(result.NameOf(found), found.ClassId);
        string text = found.TrackId is { } track ? Invariant($"#{track} {name}") : name;
        return _options.Scores ? Invariant($"{text} {found.Score:0.00}") : text;
    }

    // A name in another script becomes its number.
    private static string Drawable(string name, int classId) => DrawnText.ToAscii(name) ?? Invariant($"class {classId}");

    private static Rect ToRect(Box box, Size size)
    {
        int left = Math.Clamp((int)Math.Round(box.X1), 0, size.Width - 1), top = Math.Clamp((int)Math.Round(box.Y1), 0, size.Height - 1);
        int right = Math.Clamp((int)Math.Round(box.X2), left, size.Width - 1), bottom = Math.Clamp((int)Math.Round(box.Y2), top, size.Height - 1);
        return new(left, top, right - left + 1, bottom - top + 1);
    }
}
