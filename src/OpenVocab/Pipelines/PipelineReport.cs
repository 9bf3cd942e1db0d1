using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>What a run did.</summary>
public sealed record PipelineReport
{
    /// <summary>Each source and how it ended, in order; sources that an interrupted run never reached are missing.</summary>
    public required IReadOnlyList<SourceReport> Sources { get; init; }

    /// <summary>Detections per class name, most frequent first.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> DetectionsPerClass { get; init; }

    /// <summary>Frames that went through all stages.</summary>
    public long Frames { get; init; }

    /// <summary>From start to end.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Sum over all frames of reading and decoding the source. Stages overlap: the sums exceed <see cref="Elapsed"/>.</summary>
    public TimeSpan Reading { get; init; }

    /// <summary>Sum over all frames of letterbox and packing.</summary>
    public TimeSpan Preprocess { get; init; }

    /// <summary>Sum over all frames of the network.</summary>
    public TimeSpan Inference { get; init; }

    /// <summary>Sum over all frames of decoding the output and NMS.</summary>
    public TimeSpan Postprocess { get; init; }

    /// <summary>Sum over all frames of verification (<see cref="Pipeline.Verify"/>); zero where nothing verifies.</summary>
    public TimeSpan Verifying { get; init; }

    /// <summary>Sum over all frames of drawing, encoding and writing.</summary>
    public TimeSpan Writing { get; init; }

    /// <summary>Detections that were dropped because verification found them too improbable.</summary>
    public long Rejected { get; init; }

    /// <summary>Candidates that were dropped because the network gave no finite number; 0 for a healthy model.</summary>
    public long NonFinite { get; init; }

    /// <summary>True if the run was cancelled; what was written until then is whole.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Frames per second over the whole run.</summary>
    public double FramesPerSecond => Elapsed > TimeSpan.Zero ? Frames / Elapsed.TotalSeconds : 0;
}
