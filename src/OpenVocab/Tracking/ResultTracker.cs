namespace OpenVocab.Tracking;

/// <summary>Follows the things of one source: replaces the detections of each result, which has weak boxes as well, by those that belong to a track.</summary>
internal sealed class ResultTracker(TrackOptions options, double? frameRate)
{
    private readonly ByteTracker _tracker = new(options.At(frameRate));
    private readonly List<(Detection Detection, int Index)> _kept = [];

    internal void Apply(FrameResult result)
    {
        IReadOnlyList<TrackedDetection> tracked = _tracker.Update(result.Items, result.Thresholds);
        _kept.Clear();
        foreach (TrackedDetection track in tracked)
        {
            // The tracker's estimate may reach over the border of the picture; a detection does not.
            if (Clip(track.Detection.Box, result.Width, result.Height) is { } box) { _kept.Add((track.Detection with { Box = box }, track.Index)); }
        }
        _kept.Sort(static (one, other) => other.Detection.Score.CompareTo(one.Detection.Score) is not 0 and var order ? order : one.Detection.TrackId!.Value.CompareTo(other.Detection.TrackId!.Value));
        result.Items.Clear();
        foreach ((Detection detection, _) in _kept) { result.Items.Add(detection); }
        result.Regions?.Take(_kept.Select(kept => kept.Index));
    }

    private static Box? Clip(Box box, int width, int height)
    {
        Box clipped = new(Math.Clamp(box.X1, 0, width), Math.Clamp(box.Y1, 0, height), Math.Clamp(box.X2, 0, width), Math.Clamp(box.Y2, 0, height));
        return clipped is { Width: > 0, Height: > 0 } ? clipped : null;
    }
}
