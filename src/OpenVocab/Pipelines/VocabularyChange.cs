using OpenVocab.Prompts;
using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>The first frame was looked at for other words.</summary>
/// <param name="Source">Whose frame it was.</param>
/// <param name="Vocabulary">The words.</param>
/// <param name="Latency">From the call of <see cref="Detector.SetClasses(OpenVocab.Prompts.PromptSet)"/> to the moment at which the frame's result was there.</param>
public sealed record VocabularyChange(SourceInfo Source, Vocabulary Vocabulary, TimeSpan Latency);
