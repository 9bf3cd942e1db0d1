using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>Where a run stands.</summary>
/// <param name="Source">The source whose frame was written last.</param>
/// <param name="SourceNumber">Its number, from 1.</param>
/// <param name="SourceCount">How many sources there are.</param>
/// <param name="FramesOfSource">Frames of this source that were written.</param>
/// <param name="Frames">Frames of all sources that were written.</param>
/// <param name="Elapsed">Time since the start of the run.</param>
public readonly record struct PipelineProgress(
    SourceInfo Source, int SourceNumber, int SourceCount, long FramesOfSource, long Frames, TimeSpan Elapsed)
{
    /// <summary>Frames per second since the start of the run.</summary>
    public double FramesPerSecond => Elapsed > TimeSpan.Zero ? Frames / Elapsed.TotalSeconds : 0;
}
