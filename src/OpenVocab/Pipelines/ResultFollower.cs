using OpenVocab.Counting;
using OpenVocab.Sources;
using OpenVocab.Tracking;

namespace OpenVocab.Pipelines;

/// <summary>What a run remembers of one source from frame to frame: its tracks, and what was counted.</summary>
internal sealed class ResultFollower(TrackOptions track, IReadOnlyList<CountRegion> regions, SourceInfo source)
{
    private readonly ResultTracker _tracker = new(track, source.FrameRate?.PerSecond);
    private readonly RegionCounter? _counter = regions.Count > 0 ? new(regions) : null;

    /// <summary>The numbers after the last frame.</summary>
    internal IReadOnlyList<RegionCounts> Counts { get; private set; } = [];

    internal void Apply(FrameResult result, TimeSpan time)
    {
        _tracker.Apply(result);
        if (_counter is not null) { result.Counts = Counts = _counter.Update(result, time); }
    }
}
