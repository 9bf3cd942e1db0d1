namespace OpenVocab.Tracking;

/// <summary>Follows the things of one source: replaces the detections of each result, which has weak boxes as well, by those that belong to a track.</summary>
internal sealed class ResultTracker(TrackOptions options, double? frameRate)
{
    private readonly ByteTracker _tracker = new(options.At(frameRate));

    internal void Apply(FrameResult result)
    {
        IReadOnlyList<TrackedDetection> tracked = _tracker.Update(result.Items, result.Thresholds);
        result.Items.Clear();
        foreach (TrackedDetection track in tracked)
        {
            // The tracker's estimate may reach over the border of the picture; a detection does not.
            if (Clip(track.Detection.Box, result.Width, result.Height) is { } box) { result.Items.Add(track.Detection with { Box = box }); }
        }
        result.Items.Sort(static (one, other) => other.Score.CompareTo(one.Score) is not 0 and var order ? order : one.TrackId!.Value.CompareTo(other.TrackId!.Value));
    }

    private static Box? Clip(Box box, int width, int height)
    {
        Box clipped = new(Math.Clamp(box.X1, 0, width), Math.Clamp(box.Y1, 0, height), Math.Clamp(box.X2, 0, width), Math.Clamp(box.Y2, 0, height));
        return clipped is { Width: > 0, Height: > 0 } ? clipped : null;
    }
}
