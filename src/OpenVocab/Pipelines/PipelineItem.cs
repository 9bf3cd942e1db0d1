using OpenVocab.Prompts;
using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>
/// What travels from stage to stage: a frame with its result, or the end of a source. Made once per frame in flight and used again, so that a
/// frame costs no memory in steady state.
/// </summary>
/// <param name="withRegions">Whether the result has room for <see cref="FrameResult.Regions"/>.</param>
internal sealed class PipelineItem(bool withRegions) : IDisposable
{
    internal Frame Frame { get; } = new();

    internal FrameResult Result { get; } = new() { Regions = withRegions ? new() : null };

    /// <summary>The source of the frame.</summary>
    internal SourceInfo Source { get; set; } = null!;

    /// <summary>What was to be tracked and counted when the frame was looked at.</summary>
    internal FollowSettings Follow { get; set; } = FollowSettings.None;

    /// <summary>What the frame is looked at for.</summary>
    internal Vocabulary Vocabulary { get; set; } = Vocabulary.Empty;

    /// <summary>Number of the source, from 1.</summary>
    internal int SourceNumber { get; set; }

    /// <summary>Set where the item is the end of a source and carries no frame.</summary>
    internal SourceReport? End { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Frame.Dispose();
}
