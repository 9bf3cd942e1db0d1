using OpenVocab.Pipelines;

namespace OpenVocab.Server.Streams;

/// <summary>Where a stream stands.</summary>
/// <param name="Id">Its name in the API.</param>
/// <param name="Source">Where its frames come from, without passwords.</param>
/// <param name="State">stopped, connecting, live, waiting (lost, and tried again) or ended.</param>
/// <param name="Reason">Why it is not live; null otherwise.</param>
/// <param name="RetryIn">Seconds between the loss and the next try; null unless waiting.</param>
/// <param name="Width">Of a frame in pixels; 0 before the first.</param>
/// <param name="Height">Of a frame in pixels; 0 before the first.</param>
/// <param name="FramesPerSecond">How many are detected in a second, smoothed; 0 unless live.</param>
/// <param name="Latency">Milliseconds from the arrival of a frame to its result; 0 unless live.</param>
/// <param name="Stages">Milliseconds that the last frame spent in each stage: shows which one is slow.</param>
/// <param name="Frames">What became of the frames of this run.</param>
/// <param name="Reconnects">How often it was lost in this run after it had been live.</param>
/// <param name="VocabularyLatency">Milliseconds from the last request for other words to the first frame that was looked at for them; null before the first.</param>
/// <param name="Viewers">How many look at it.</param>
/// <param name="Follow">What is tracked and counted.</param>
public sealed record StreamStatus(
    string Id, string Source, string State, string? Reason, double? RetryIn, int Width, int Height, double FramesPerSecond, double Latency,
    StageMilliseconds Stages, FrameCounts Frames, int Reconnects, double? VocabularyLatency, int Viewers, FollowRequest Follow);

/// <summary>Milliseconds of one frame.</summary>
/// <param name="Preprocess">Letterbox and packing.</param>
/// <param name="Inference">The network.</param>
/// <param name="Postprocess">Decoding and NMS.</param>
public sealed record StageMilliseconds(double Preprocess, double Inference, double Postprocess)
{
    internal static StageMilliseconds Of(StageTimings timings) => new(
        Math.Round(timings.Preprocess.TotalMilliseconds, 2), Math.Round(timings.Inference.TotalMilliseconds, 2), Math.Round(timings.Postprocess.TotalMilliseconds, 2));
}

/// <summary>What became of the frames: once a run has ended, read = emitted + dropped + failed; before that some are on their way.</summary>
/// <param name="Read">Frames that the source began to deliver.</param>
/// <param name="Emitted">Frames that went through all stages.</param>
/// <param name="Dropped">Frames that a newer one replaced.</param>
/// <param name="Failed">Frames that came in part; known when the run has ended.</param>
public sealed record FrameCounts(long Read, long Emitted, long Dropped, long Failed);

/// <summary>What to track and to count, as the API has it.</summary>
/// <param name="Track">Whether things get numbers.</param>
/// <param name="Regions">Lines (2 points) and zones (3 or more).</param>
public sealed record FollowRequest(bool Track, IReadOnlyList<RegionRequest> Regions)
{
    internal static FollowRequest Of(FollowSettings settings) =>
        new(settings.EffectiveTrack is not null, [.. settings.Regions.Select(region => new RegionRequest(region.Name, [.. region.Points.SelectMany(point => (float[])[point.X, point.Y])]))]);

    /// <exception cref="ArgumentException">A region is none.</exception>
    internal FollowSettings ToSettings()
    {
        if (Regions.Count > 64) { throw new ArgumentException($"There are {Regions.Count} lines and zones; at most 64 are counted at."); }
        return new() { Track = Track ? new() : null, Regions = [.. Regions.Select(region => region.ToRegion())] };
    }
}

/// <summary>A line or a zone.</summary>
/// <param name="Name">What counts call it.</param>
/// <param name="Points">x1, y1, x2, y2 and so on, in pixels of the stream: two points are a line, three and more a zone.</param>
public sealed record RegionRequest(string Name, IReadOnlyList<float> Points)
{
    internal Counting.CountRegion ToRegion()
    {
        if (Points.Count % 2 != 0 || Points.Count < 4) { throw new ArgumentException($"\"{Name}\" has {Points.Count} numbers; a line has four (x1, y1, x2, y2), a zone six or more."); }
        System.Numerics.Vector2[] points = [.. Enumerable.Range(0, Points.Count / 2).Select(i => new System.Numerics.Vector2(Points[2 * i], Points[2 * i + 1]))];
        return points.Length == 2 ? new Counting.CountLine(Name, points[0], points[1]) : new Counting.CountZone(Name, points);
    }
}
