using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>Where a run stands.</summary>
/// <param name="Source">The source whose frame was written last.</param>
/// <param name="SourceNumber">Its number, from 1.</param>
/// <param name="SourceCount">How many sources there are.</param>
/// <param name="FramesOfSource">Frames of this source that were written.</param>
/// <param name="Frames">Frames of all sources that were written.</param>
/// <param name="Read">Frames that all sources gave.</param>
/// <param name="Dropped">Frames of live sources that a newer one replaced.</param>
/// <param name="ExpectedFrames">
/// Frames of the whole run as far as one can tell: videos that are not open yet are taken to be as long as the last one. Null for cameras, and where the container
/// does not say.
/// </param>
/// <param name="Elapsed">Time since the start of the run.</param>
public readonly record struct PipelineProgress(
    SourceInfo Source, int SourceNumber, int SourceCount, long FramesOfSource, long Frames, long Read, long Dropped, long? ExpectedFrames, TimeSpan Elapsed)
{
    /// <summary>Frames per second since the start of the run.</summary>
    public double FramesPerSecond => Elapsed > TimeSpan.Zero ? Frames / Elapsed.TotalSeconds : 0;
}
