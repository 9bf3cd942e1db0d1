using OpenVocab.Pipelines;
using OpenVocab.Server;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Live;

/// <summary>Several sources side by side on one model: each is a pipeline of its own, so that one that fails does not end the others.</summary>
internal sealed class LiveSession(BatchingDetector detector, Func<Pipeline, Pipeline> follow, SourceOptions sources, LiveScreen screen)
{
    /// <summary>Runs until all sources have ended or somebody stops them.</summary>
    /// <returns>The reports, in the order of the streams; null for one whose stage failed.</returns>
    internal Task<PipelineReport?[]> RunAsync(IReadOnlyList<(StreamDefinition Stream, SourceReference Source, IReadOnlyList<IResultSink> Sinks)> streams, CancellationToken stop) =>
        Task.WhenAll(streams.Select(stream => RunAsync(stream.Stream.Id, stream.Source, stream.Sinks, stop)));

    private async Task<PipelineReport?> RunAsync(string id, SourceReference source, IReadOnlyList<IResultSink> sinks, CancellationToken stop)
    {
        int losses = 0;
        PipelineOptions options = new()
        {
            Source = sources with
            {
                StateChanged = change =>
                {
                    if (change.State == SourceState.Waiting) { losses++; }
                    screen.ShowState(id, change);
                },
            },
            VocabularyChanged = change => screen.ShowVocabulary(id, change),
        };
        try
        {
            PipelineReport report = await follow(Pipeline.From([source]).Detect(detector)).To(sinks).With(options).RunAsync(screen.ProgressOf(id), stop);
            screen.ShowEnd(id, report, losses);
            return report;
        }
        catch (OpenVocabException fault)
        {
            screen.Say($"error: {id}: {fault.Message}");
            screen.Say($"  → {fault.Remedy}");
            return null;
        }
    }
}
