namespace OpenVocab.Tracking;

/// <summary>
/// How a pipeline tracks. Immutable; change it by <c>with</c>. Thresholds are not here: they are the detector's own, class by class, and weaker boxes
/// (above <see cref="ByteTracker.WeakShare"/> of them) keep a track alive.
/// </summary>
public sealed record TrackOptions
{
    /// <summary>Frames that a lost track is remembered at 30 frames a second, 0 to 100,000; other rates scale it. Default 30, a second.</summary>
    public int Buffer { get; init; } = 30;

    /// <summary>Cost limit of the first association, 0 to 1. Default 0.8: boxes that overlap by a fifth can be the same thing.</summary>
    public double MatchThreshold { get; init; } = 0.8;

    /// <summary>
    /// Whether costs are 1 - IoU × score, as in the reference's defaults. Default false: with it, a new thing whose scores stay below 0.3 is never confirmed, and
    /// scores of open vocabularies often are.
    /// </summary>
    public bool FuseScore { get; init; }

    /// <summary>The tracker's options at a frame rate; unknown rates count as 30.</summary>
    internal ByteTrackerOptions At(double? frameRate) => new ByteTrackerOptions
    {
        Buffer = Buffer,
        MatchThreshold = MatchThreshold,
        FuseScore = FuseScore,
        FrameRate = frameRate ?? 30,
    }.Validated();
}
