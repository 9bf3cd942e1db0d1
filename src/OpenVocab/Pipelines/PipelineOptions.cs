using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>How a <see cref="Pipeline"/> runs. Immutable; change it by <c>with</c>.</summary>
public sealed record PipelineOptions
{
    /// <summary>Frames that are on their way at once, 2 to 64; each costs the memory of one decoded frame. Default 4; two more than <see cref="DetectorOptions.ParallelFrames"/> where that is more.</summary>
    public int FramesInFlight { get; init; } = 4;

    /// <summary>How sources are opened.</summary>
    public SourceOptions Source { get; init; } = new();

    /// <summary>At most this often progress is reported. Default ten times a second.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Told when the first frame was looked at for words that <see cref="Detector.SetClasses(OpenVocab.Prompts.PromptSet)"/> brought; null: nobody is.</summary>
    public Action<VocabularyChange>? VocabularyChanged { get; init; }

    /// <summary>Where it is noted that live sources come and go. Default: nowhere.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    internal PipelineOptions Validated() => FramesInFlight is >= 2 and <= 64
        ? this
        : throw new ArgumentException($"FramesInFlight is {FramesInFlight}; it must lie between 2 and 64.");
}
