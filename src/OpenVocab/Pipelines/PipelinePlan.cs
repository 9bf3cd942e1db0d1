using OpenVocab.Clip;
using OpenVocab.Prompts;
using OpenVocab.Sinks;

namespace OpenVocab.Pipelines;

/// <summary>What a <see cref="Pipeline"/> will do when it runs.</summary>
internal sealed record PipelinePlan
{
    internal required IReadOnlyList<PipelineInput> Inputs { get; init; }

    internal Detector? Detector { get; init; }

    /// <summary>Null: the run has the detector for itself.</summary>
    internal BatchingDetector? Shared { get; init; }

    /// <summary>Null: whatever the detector's is when a frame arrives.</summary>
    internal Vocabulary? Vocabulary { get; init; }

    /// <summary>Asked before every frame.</summary>
    internal Func<FollowSettings> Follow { get; init; } = () => FollowSettings.None;

    /// <summary>Null: nothing is verified.</summary>
    internal DetectionVerifier? Verifier { get; init; }

    /// <summary>Whether results carry what their detections are before they meet any word.</summary>
    internal bool WithRegions { get; init; }

    internal IReadOnlyList<IResultSink> Sinks { get; init; } = [];

    internal PipelineOptions Options { get; init; } = new();
}
