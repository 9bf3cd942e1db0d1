using System.Diagnostics;
using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>The last stage of a run, item after item: tracks, verifies and counts, gives each frame to all sinks, and tells how far it is.</summary>
internal sealed class WriteStage(PipelinePlan plan, RunStatistics statistics, IProgress<PipelineProgress>? progress)
{
    private SourceInfo? _open;
    private ResultFollower? _follower;
    private Vocabulary? _lookedFor;
    private long _framesOfSource, _lastVideo = 1;
    private TimeSpan? _lastProgress;
    private long _begun;

    internal void Take(PipelineItem item)
    {
        _begun = Stopwatch.GetTimestamp();
        if (item.End is null) { Write(item); }
        else { End(item.End); }
        statistics.AddWriting(_begun);
    }

    internal void Complete()
    {
        foreach (IResultSink sink in plan.Sinks) { sink.Complete(); }
    }

    private void Write(PipelineItem item)
    {
        if (_open is null)
        {
            // Only here, with a frame in hand: a source that gives none leaves no empty files.
            Begin(item);
            _follower = new(_open!);
        }
        else if (_open.IsLive && (item.Frame.Width, item.Frame.Height) != (_open.Width, _open.Height))
        {
            // A camera that came back with another size: files of one size end, and others begin.
            EndSinks(new() { Source = _open, Frames = _framesOfSource });
            Begin(item);
        }
        NoticeVocabulary(item.Result.Vocabulary);
        _follower!.Track(item.Result, item.Follow);
        // A tracker does better with all that was found; a count is to have only what is reported.
        if (plan.Verifier is not null) { Verify(item); }
        _follower.Count(item.Result, item.Frame.Time);
        foreach (IResultSink sink in plan.Sinks) { sink.Write(item.Frame, item.Result); }
        statistics.AddEmitted(_open!, item.Result);
        _framesOfSource++;
        ReportProgress(item.SourceNumber);
    }

    private void Verify(PipelineItem item)
    {
        long before = Stopwatch.GetTimestamp();
        int rejected = plan.Verifier!.Apply(item.Frame.Pixels, item.Result);
        statistics.AddVerifying(before, rejected);
        // That was no writing.
        _begun += Stopwatch.GetTimestamp() - before;
    }

    private void Begin(PipelineItem item)
    {
        _open = item.Source with { Width = item.Frame.Width, Height = item.Frame.Height };
        foreach (IResultSink sink in plan.Sinks) { sink.BeginSource(_open); }
    }

    private void End(SourceReport end)
    {
        SourceReport report = end with { Frames = _framesOfSource, Counts = _follower?.Counts ?? [] };
        if (_open is not null) { EndSinks(report); }
        statistics.Add(report);
        (_open, _follower, _framesOfSource) = (null, null, 0);
    }

    private void EndSinks(SourceReport report)
    {
        foreach (IResultSink sink in plan.Sinks) { sink.EndSource(report); }
    }

    private void NoticeVocabulary(Vocabulary vocabulary)
    {
        if (ReferenceEquals(vocabulary, _lookedFor)) { return; }
        bool first = _lookedFor is null;
        _lookedFor = vocabulary;
        if (first || plan.Vocabulary is not null || plan.Detector!.TimeSinceRequest(vocabulary) is not { } took) { return; }
        Telemetry.VocabularyChange.Record(took.TotalSeconds);
        plan.Options.VocabularyChanged?.Invoke(new(_open!, vocabulary, took));
    }

    private void ReportProgress(int number)
    {
        if (progress is null) { return; }
        TimeSpan now = statistics.Elapsed;
        if (now - _lastProgress < plan.Options.ProgressInterval) { return; }
        _lastProgress = now;
        progress.Report(new(_open!, number, plan.Inputs.Count, _framesOfSource, statistics.Frames, statistics.Read, statistics.Dropped, ExpectedFrames(number), now));
    }

    private long? ExpectedFrames(int number)
    {
        if (_open!.FrameCount is not { } frames) { return null; }
        if (_open.Kind == SourceKind.Video) { _lastVideo = frames; }
        long left = Math.Max(frames - _framesOfSource, 0);
        for (int i = number; i < plan.Inputs.Count; i++) { left += plan.Inputs[i].Info.Kind == SourceKind.Picture ? 1 : _lastVideo; }
        return statistics.Frames + left;
    }
}
