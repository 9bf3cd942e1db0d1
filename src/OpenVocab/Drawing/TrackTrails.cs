using OpenCvSharp;

namespace OpenVocab.Drawing;

/// <summary>Remembers where tracked things were, and draws the way that each has come.</summary>
/// <remarks>One per annotator and thread.</remarks>
internal sealed class TrackTrails
{
    private readonly Dictionary<int, Trail> _trails = [];
    private int _frame;

    /// <summary>Draws the ways of the tracks that are in a frame, the frame included.</summary>
    internal void Draw(Mat picture, FrameResult result, ClassPalette palette, int length, int line)
    {
        _frame++;
        foreach (Detection found in result.Items)
        {
            if (found.TrackId is not { } track) { continue; }
            if (!_trails.TryGetValue(track, out Trail? trail)) { _trails[track] = trail = new(); }
            trail.Seen = _frame;
            trail.Points.Enqueue(new Point((found.Box.X1 + found.Box.X2) / 2, found.Box.Y2));
            while (trail.Points.Count > length) { trail.Points.Dequeue(); }
            DrawWay(picture, trail.Points, palette[found.ClassId], line);
        }
        foreach ((int track, Trail trail) in _trails)
        {
            if (_frame - trail.Seen > length) { _trails.Remove(track); }
        }
    }

    /// <summary>Another source: its tracks count from 1 again.</summary>
    internal void Clear() => _trails.Clear();

    private static void DrawWay(Mat picture, Queue<Point> points, Scalar color, int line)
    {
        Point? before = null;
        foreach (Point point in points)
        {
            if (before is { } start) { Cv2.Line(picture, start, point, color, line, LineTypes.AntiAlias); }
            before = point;
        }
    }

    private sealed class Trail
    {
        internal readonly Queue<Point> Points = new();
        internal int Seen;
    }
}
