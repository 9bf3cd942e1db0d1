using OpenVocab.Cli.Terminal;
using OpenVocab.Pipelines;
using OpenVocab.Sources;
using Spectre.Console;

namespace OpenVocab.Cli.Live;

/// <summary>What a person reads while sources run side by side: each line says which one it is about.</summary>
internal sealed class LiveScreen(bool quiet)
{
    private static readonly TimeSpan s_numbersEvery = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();

    internal void Say(string line)
    {
        lock (_gate) { Screen.Error.WriteLine(line); }
    }

    internal void ShowFault(string id, ErrorMessage fault)
    {
        Say($"error: {id}: {fault.Text}");
        Say($"  → {fault.Remedy}");
    }

    internal void ShowState(string id, SourceStateChange change)
    {
        if (quiet && change.State != SourceState.Waiting) { return; }
        Say(change.State switch
        {
            SourceState.Connecting => change.Attempt == 0 ? $"{id}: connecting to {change.Source}" : $"{id}: connecting again",
            SourceState.Live => $"{id}: live",
            SourceState.Waiting => Invariant($"{id}: lost: {change.Reason}; attempt {change.Attempt} follows in {change.RetryIn!.Value.TotalSeconds:0.0} s"),
            _ => change.Reason is null ? $"{id}: stopped" : $"{id}: given up: {change.Reason}",
        });
    }

    internal void ShowVocabulary(string id, VocabularyChange change)
    {
        if (!quiet) { Say(Invariant($"{id}: the first frame with the new words came {change.Latency.TotalMilliseconds:0} ms after they were asked for.")); }
    }

    internal IProgress<PipelineProgress>? ProgressOf(string id) => quiet ? null : new Numbers(this, id);

    internal void ShowEnd(string id, PipelineReport report, int losses)
    {
        foreach (SourceReport source in report.Sources)
        {
            if (source.Error is { } error)
            {
                ShowFault(id, ErrorMessage.For(error));
            }
            else if (source.Damage is { } damage) { Say($"warning: {id}: {damage}"); }
            if (quiet) { continue; }
            Say($"{id}: {source.Read} frames read = {source.Frames} emitted + {source.Dropped} dropped + {source.Failed} failed; " +
                Invariant($"{report.FramesPerSecond:0.0} frames/s, lost {losses} {(losses == 1 ? "time" : "times")}."));
            RunReport.PrintRegions(source, id);
        }
        if (!quiet && report.DetectionsPerClass.Count > 0) { Say($"{id}: found {string.Join(", ", report.DetectionsPerClass.Select(found => $"{found.Value} {found.Key}"))}."); }
    }

    private sealed class Numbers(LiveScreen screen, string id) : IProgress<PipelineProgress>
    {
        private TimeSpan _last;

        public void Report(PipelineProgress value)
        {
            if (value.Elapsed - _last < s_numbersEvery) { return; }
            _last = value.Elapsed;
            screen.Say(Invariant($"{id}: {value.Frames} frames, {value.FramesPerSecond:0.0} frames/s, {value.Dropped} dropped"));
        }
    }
}
