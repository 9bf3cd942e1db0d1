using OpenVocab.Cli.Terminal;
using OpenVocab.Pipelines;
using OpenVocab.Server;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Live;

/// <summary>Several sources side by side on one model: each is a pipeline of its own, so that one that fails does not end the others.</summary>
internal sealed class LiveSession(BatchingDetector detector, Func<Pipeline, Pipeline> follow, SourceOptions sources, LiveScreen screen)
{
    /// <summary>Runs until all sources have ended or somebody stops them.</summary>
    /// <returns>How each ended, in the order of the streams: one of <see cref="ExitCodes"/>.</returns>
    internal Task<int[]> RunAsync(IReadOnlyList<(StreamDefinition Stream, SourceReference Source, IReadOnlyList<IResultSink> Sinks)> streams, CancellationToken stop) =>
        Task.WhenAll(streams.Select(stream => RunAsync(stream.Stream.Id, stream.Source, stream.Sinks, stop)));

    private async Task<int> RunAsync(string id, SourceReference source, IReadOnlyList<IResultSink> sinks, CancellationToken stop)
    {
        int losses = 0;
        SourceState last = SourceState.Connecting;
        PipelineOptions options = new()
        {
            Source = sources with
            {
                StateChanged = change =>
                {
                    // A try that fails is no second loss.
                    if (change.State == SourceState.Waiting && last == SourceState.Live) { losses++; }
                    last = change.State;
                    screen.ShowState(id, change);
                },
            },
            VocabularyChanged = change => screen.ShowVocabulary(id, change),
        };
        try
        {
            PipelineReport report = await follow(Pipeline.From([source]).Detect(detector)).To(sinks).With(options).RunAsync(screen.ProgressOf(id), stop);
            screen.ShowEnd(id, report, losses);
            return report.Sources.Any(read => read.Error is not null || read.Damage is not null) ? ExitCodes.SomeInputsFailed : ExitCodes.Success;
        }
        catch (OpenVocabException fault)
        {
            ErrorMessage message = ErrorMessage.For(fault);
            screen.ShowFault(id, message);
            return message.ExitCode;
        }
    }
}
