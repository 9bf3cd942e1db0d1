namespace OpenVocab.Tracking;

/// <summary>How a <see cref="ByteTracker"/> associates. Immutable; change it by <c>with</c>. The defaults are Ultralytics'.</summary>
public sealed record ByteTrackerOptions
{
    /// <summary>The first association takes scores of at least this, 0 to 1. Default 0.25.</summary>
    public float HighThreshold { get; init; } = 0.25f;

    /// <summary>The second association takes scores above this and below <see cref="HighThreshold"/>; lower ones are dropped. 0 to 1. Default 0.1.</summary>
    public float LowThreshold { get; init; } = 0.1f;

    /// <summary>A box that nobody claims starts a track if its score is at least this. 0 to 1. Default 0.25.</summary>
    public float NewTrackThreshold { get; init; } = 0.25f;

    /// <summary>Frames that a lost track is remembered at 30 frames a second, 0 to 100,000; other rates scale it. Default 30.</summary>
    public int Buffer { get; init; } = 30;

    /// <summary>Cost limit of the first association, 0 to 1. Default 0.8.</summary>
    public double MatchThreshold { get; init; } = 0.8;

    /// <summary>
    /// True: costs are 1 - IoU × score, as the reference has it by default. Then a new thing whose scores stay below 0.3 is never confirmed, which is common with open
    /// vocabularies; false: costs are 1 - IoU.
    /// </summary>
    public bool FuseScore { get; init; } = true;

    /// <summary>Frames a second, more than 0 and at most 10,000. Default 30.</summary>
    public double FrameRate { get; init; } = 30;

    internal int MostFramesLost => (int)(FrameRate / 30.0 * Buffer);

    internal ByteTrackerOptions Validated()
    {
        List<string> faults = [];
        void Check(string name, double value, double least, double most)
        {
            if (!(value >= least && value <= most)) { faults.Add(Invariant($"{name} is {value}; it must lie between {least} and {most}.")); }
        }
        Check(nameof(HighThreshold), HighThreshold, 0, 1);
        Check(nameof(LowThreshold), LowThreshold, 0, 1);
        Check(nameof(NewTrackThreshold), NewTrackThreshold, 0, 1);
        Check(nameof(MatchThreshold), MatchThreshold, 0, 1);
        Check(nameof(Buffer), Buffer, 0, 100_000);
        Check(nameof(FrameRate), FrameRate, 0.001, 10_000);
        return faults.Count == 0 ? this : throw new ArgumentException("The tracker's options cannot be used: " + string.Join(" ", faults));
    }
}
