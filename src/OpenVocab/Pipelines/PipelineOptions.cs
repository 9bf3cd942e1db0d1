using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>How a <see cref="Pipeline"/> runs. Immutable; change it by <c>with</c>.</summary>
public sealed record PipelineOptions
{
    /// <summary>Frames that are on their way at once, 2 to 64; each costs the memory of one decoded frame. Default 4.</summary>
    public int FramesInFlight { get; init; } = 4;

    /// <summary>How sources are opened.</summary>
    public SourceOptions Source { get; init; } = new();

    /// <summary>At most this often progress is reported. Default ten times a second.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The clock; tests bring their own.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal PipelineOptions Validated() => FramesInFlight is >= 2 and <= 64
        ? this
        : throw new ArgumentException($"FramesInFlight is {FramesInFlight}; it must lie between 2 and 64.");
}
