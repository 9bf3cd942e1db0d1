using System.Diagnostics;
using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>What a run counts: by whom each number is written is said beside it, and nobody reads them before the stages have ended.</summary>
internal sealed class RunStatistics(TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();
    private readonly Dictionary<string, long> _found = new(StringComparer.Ordinal);
    private readonly List<SourceReport> _sources = [];
    private TimeSpan _preprocess, _inference, _postprocess, _verifying, _writing;
    private long _nonFinite, _rejected, _read, _dropped;

    /// <summary>Frames that went through all stages.</summary>
    internal long Frames { get; private set; }

    /// <summary>Frames that sources gave; written by the stage that reads.</summary>
    internal long Read => Volatile.Read(ref _read);

    /// <summary>Frames that a newer one replaced; written by the stage that reads.</summary>
    internal long Dropped => Volatile.Read(ref _dropped);

    internal TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>Written by the stage that reads.</summary>
    internal TimeSpan Reading { get; private set; }

    /// <summary>Called by the stage that reads.</summary>
    internal void AddRead(SourceInfo source, long since)
    {
        TimeSpan took = Stopwatch.GetElapsedTime(since);
        Reading += took;
        Interlocked.Increment(ref _read);
        Telemetry.FramesRead.Add(1, new KeyValuePair<string, object?>(Telemetry.SourceTag, source.Name));
        Record("read", took);
    }

    /// <summary>Called by the stage that reads.</summary>
    internal void AddDropped(SourceInfo source)
    {
        Interlocked.Increment(ref _dropped);
        Telemetry.FramesDropped.Add(1, new KeyValuePair<string, object?>(Telemetry.SourceTag, source.Name));
    }

    /// <summary>Called by the stage that writes.</summary>
    internal void AddEmitted(SourceInfo source, FrameResult result)
    {
        Frames++;
        _nonFinite += result.NonFinite;
        _preprocess += result.Timings.Preprocess;
        _inference += result.Timings.Inference;
        _postprocess += result.Timings.Postprocess;
        foreach (Detection found in result.Items)
        {
            string name = result.NameOf(found);
            _found[name] = _found.GetValueOrDefault(name) + 1;
        }
        Telemetry.FramesEmitted.Add(1, new KeyValuePair<string, object?>(Telemetry.SourceTag, source.Name));
        Telemetry.Detections.Add(result.Items.Count, new KeyValuePair<string, object?>(Telemetry.SourceTag, source.Name));
        Record("preprocess", result.Timings.Preprocess);
        Record("inference", result.Timings.Inference);
        Record("postprocess", result.Timings.Postprocess);
    }

    /// <summary>Called by the stage that writes.</summary>
    internal void AddVerifying(long since, int rejected)
    {
        TimeSpan took = Stopwatch.GetElapsedTime(since);
        _verifying += took;
        _rejected += rejected;
        Record("verify", took);
    }

    /// <summary>Called by the stage that writes.</summary>
    internal void AddWriting(long since)
    {
        TimeSpan took = Stopwatch.GetElapsedTime(since);
        _writing += took;
        Record("write", took);
    }

    /// <summary>Called by the stage that writes.</summary>
    internal void Add(SourceReport report)
    {
        _sources.Add(report);
        if (report.Failed > 0) { Telemetry.FramesFailed.Add(report.Failed, new KeyValuePair<string, object?>(Telemetry.SourceTag, report.Source.Name)); }
    }

    /// <summary>After all stages have ended.</summary>
    internal PipelineReport Describe(int sourceCount) => new()
    {
        Sources = _sources,
        DetectionsPerClass = [.. _found.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)],
        Frames = Frames,
        Elapsed = Elapsed,
        Reading = Reading,
        Preprocess = _preprocess,
        Inference = _inference,
        Postprocess = _postprocess,
        Verifying = _verifying,
        Writing = _writing,
        Rejected = _rejected,
        NonFinite = _nonFinite,
        Interrupted = _sources.Count < sourceCount || _sources.Exists(report => report.Interrupted),
    };

    private static void Record(string stage, TimeSpan took) =>
        Telemetry.StageDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>(Telemetry.StageTag, stage));
}
