using OpenVocab.Counting;
using OpenVocab.Sources;
using OpenVocab.Tracking;

namespace OpenVocab.Pipelines;

/// <summary>What a run remembers of one source from frame to frame: its tracks, and what was counted. Settings that change begin anew what they are about.</summary>
internal sealed class ResultFollower(SourceInfo source)
{
    private TrackOptions? _track;
    private IReadOnlyList<CountRegion> _regions = [];
    private ResultTracker? _tracker;
    private RegionCounter? _counter;

    /// <summary>The numbers after the last frame.</summary>
    internal IReadOnlyList<RegionCounts> Counts { get; private set; } = [];

    /// <param name="result">Detected with weak boxes where <paramref name="settings"/> tracks.</param>
    /// <param name="settings">Those that were in force when the frame was looked at.</param>
    internal void Track(FrameResult result, FollowSettings settings)
    {
        Adopt(settings);
        _tracker?.Apply(result);
    }

    /// <param name="result">What is reported of the frame.</param>
    /// <param name="time">Time of the frame.</param>
    internal void Count(FrameResult result, TimeSpan time)
    {
        if (_counter is not null) { result.Counts = Counts = _counter.Update(result, time); }
    }

    private void Adopt(FollowSettings settings)
    {
        if (settings.EffectiveTrack != _track)
        {
            _track = settings.EffectiveTrack;
            _tracker = _track is null ? null : new(_track, source.FrameRate?.PerSecond);
        }
        if (!ReferenceEquals(settings.Regions, _regions))
        {
            _regions = settings.Regions;
            _counter = _regions.Count > 0 ? new(_regions) : null;
            Counts = [];
        }
    }
}
