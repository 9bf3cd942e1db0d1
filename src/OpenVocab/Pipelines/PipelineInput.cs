using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>A source of a run, to be opened when its turn comes.</summary>
/// <param name="Info">What reports call it if it cannot be opened.</param>
/// <param name="Open">Opens it; the run disposes what comes.</param>
/// <param name="Label">What results, reports, metrics and logs call it; null: what it calls itself.</param>
internal sealed record PipelineInput(SourceInfo Info, Func<SourceOptions, IFrameSource> Open, string? Label = null);
