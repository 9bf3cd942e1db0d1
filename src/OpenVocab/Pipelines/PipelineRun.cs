using System.Diagnostics;
using System.Threading.Channels;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>
/// One run of a <see cref="Pipeline"/>: three stages, each on a thread of its own, and the only place of the library with threads. Items go
/// round: free → read → detected → free, so their number bounds memory, and a slow stage makes the others wait.
/// </summary>
internal sealed class PipelineRun(PipelinePlan plan, IProgress<PipelineProgress>? progress) : IDisposable
{
    /// <summary>A failed run waits this long for stages that are inside foreign code; then it reports the error and leaves them behind.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1.5);

    private readonly Channel<PipelineItem> _free = Channel.CreateUnbounded<PipelineItem>();
    private readonly Channel<PipelineItem> _read = Channel.CreateUnbounded<PipelineItem>();
    private readonly Channel<PipelineItem> _detected = Channel.CreateUnbounded<PipelineItem>();
    private readonly CancellationTokenSource _failure = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<SourceReport> _reports = [];
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly long _start = plan.Options.Clock.GetTimestamp();
    private long _frames, _nonFinite, _lastProgress, _lastVideo = 1;
    private TimeSpan _reading, _preprocess, _inference, _postprocess, _writing;

    internal async Task<PipelineReport> RunAsync(CancellationToken cancellationToken)
    {
        PipelineItem[] items = [.. Enumerable.Range(0, plan.Options.FramesInFlight).Select(_ => new PipelineItem())];
        foreach (PipelineItem item in items) { _free.Writer.TryWrite(item); }
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _failure.Token);
        Task all = Task.WhenAll(
            RunStage(() => ReadAsync(stop.Token), _read.Writer), RunStage(DetectAsync, _detected.Writer), RunStage(WriteAsync, null));
        if (await Task.WhenAny(all, _failed.Task).ConfigureAwait(false) != all)
        {
            await Task.WhenAny(all, Task.Delay(s_patience, CancellationToken.None)).ConfigureAwait(false);
        }
        // A stage that does not come back may still use its item: such items are left to the finalizer.
        if (all.IsCompleted)
        {
            foreach (PipelineItem item in items) { item.Dispose(); }
        }
        if (_failed.Task.IsFaulted) { await _failed.Task.ConfigureAwait(false); }
        return Report(_reports.Count < plan.Inputs.Count || _reports.Exists(report => report.Interrupted));
    }

    /// <inheritdoc/>
    public void Dispose() => _failure.Dispose();

    // The first error is the run's; what the other stages say when they are told to stop is not.
    private Task RunStage(Func<Task> work, ChannelWriter<PipelineItem>? output) => Task.Run(async () =>
    {
        try
        {
            await work().ConfigureAwait(false);
            output?.TryComplete();
        }
        catch (Exception error)
        {
            _failed.TrySetException(error);
            await _failure.CancelAsync().ConfigureAwait(false);
            // Not an ordinary end for the stage behind: it must not finish files as if all were well.
            output?.TryComplete(error);
        }
    });

    private async Task ReadAsync(CancellationToken stop)
    {
        for (int i = 0; i < plan.Inputs.Count && !stop.IsCancellationRequested; i++)
        {
            SourceReport report = await ReadSourceAsync(plan.Inputs[i], i + 1, stop).ConfigureAwait(false);
            PipelineItem item = await _free.Reader.ReadAsync(_failure.Token).ConfigureAwait(false);
            (item.Source, item.SourceNumber, item.End) = (report.Source, i + 1, report);
            _read.Writer.TryWrite(item);
        }
    }

    private async Task<SourceReport> ReadSourceAsync(PipelineInput input, int number, CancellationToken stop)
    {
        SourceInfo info = input.Info;
        long frames = 0;
        PipelineItem? item = null;
        try
        {
            using IFrameSource source = input.Open(plan.Options.Source);
            info = source.Info;
            while (true)
            {
                item ??= await _free.Reader.ReadAsync(stop).ConfigureAwait(false);
                long before = Stopwatch.GetTimestamp();
                if (!source.TryRead(item.Frame, stop)) { break; }
                _reading += Stopwatch.GetElapsedTime(before);
                (item.Source, item.SourceNumber, item.End) = (info, number, null);
                _read.Writer.TryWrite(item);
                item = null;
                frames++;
            }
            return new() { Source = info, Frames = frames, Damage = source.Damage };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new() { Source = info, Frames = frames, Interrupted = true };
        }
        catch (SourceException error)
        {
            return frames == 0
                ? new() { Source = info, Error = error }
                : new() { Source = info, Frames = frames, Damage = error.Message };
        }
        finally
        {
            if (item is not null) { _free.Writer.TryWrite(item); }
        }
    }

    private async Task DetectAsync()
    {
        Detector detector = plan.Detector!;
        await foreach (PipelineItem item in _read.Reader.ReadAllAsync(_failure.Token).ConfigureAwait(false))
        {
            if (item.End is null) { detector.Detect(item.Frame.Pixels, plan.Vocabulary ?? detector.Vocabulary, item.Result, withWeak: plan.Track is not null); }
            _detected.Writer.TryWrite(item);
        }
    }

    private async Task WriteAsync()
    {
        SourceInfo? open = null;
        ResultFollower? follower = null;
        long framesOfSource = 0;
        await foreach (PipelineItem item in _detected.Reader.ReadAllAsync(_failure.Token).ConfigureAwait(false))
        {
            long before = Stopwatch.GetTimestamp();
            if (item.End is null)
            {
                if (open is null)
                {
                    // Only here, with a frame in hand: a source that gives none leaves no empty files.
                    open = item.Source with { Width = item.Frame.Width, Height = item.Frame.Height };
                    follower = plan.Track is { } track ? new(track, plan.Regions, open) : null;
                    foreach (IResultSink sink in plan.Sinks) { sink.BeginSource(open); }
                }
                follower?.Apply(item.Result, item.Frame.Time);
                foreach (IResultSink sink in plan.Sinks) { sink.Write(item.Frame, item.Result); }
                Count(item.Result);
                framesOfSource++;
                ReportProgress(open, item.SourceNumber, framesOfSource);
            }
            else
            {
                if (open is not null)
                {
                    foreach (IResultSink sink in plan.Sinks) { sink.EndSource(item.End); }
                }
                _reports.Add(item.End with { Counts = follower?.Counts ?? [] });
                (open, framesOfSource) = (null, 0);
            }
            _writing += Stopwatch.GetElapsedTime(before);
            _free.Writer.TryWrite(item);
        }
        foreach (IResultSink sink in plan.Sinks) { sink.Complete(); }
    }

    private void Count(FrameResult result)
    {
        _frames++;
        _nonFinite += result.NonFinite;
        _preprocess += result.Timings.Preprocess;
        _inference += result.Timings.Inference;
        _postprocess += result.Timings.Postprocess;
        foreach (Detection found in result.Items)
        {
            string name = result.NameOf(found);
            _counts[name] = _counts.GetValueOrDefault(name) + 1;
        }
    }

    private void ReportProgress(SourceInfo source, int number, long framesOfSource)
    {
        if (progress is null) { return; }
        long now = plan.Options.Clock.GetTimestamp();
        if (_lastProgress != 0 && plan.Options.Clock.GetElapsedTime(_lastProgress, now) < plan.Options.ProgressInterval) { return; }
        _lastProgress = now;
        progress.Report(new(
            source, number, plan.Inputs.Count, framesOfSource, _frames, ExpectedFrames(source, number, framesOfSource), plan.Options.Clock.GetElapsedTime(_start, now)));
    }

    private long? ExpectedFrames(SourceInfo source, int number, long framesOfSource)
    {
        if (source.FrameCount is not { } frames) { return null; }
        if (source.Kind == SourceKind.Video) { _lastVideo = frames; }
        long left = Math.Max(frames - framesOfSource, 0);
        for (int i = number; i < plan.Inputs.Count; i++) { left += plan.Inputs[i].Info.Kind == SourceKind.Picture ? 1 : _lastVideo; }
        return _frames + left;
    }

    private PipelineReport Report(bool interrupted) => new()
    {
        Sources = _reports,
        DetectionsPerClass = [.. _counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)],
        Frames = _frames,
        Elapsed = plan.Options.Clock.GetElapsedTime(_start),
        Reading = _reading,
        Preprocess = _preprocess,
        Inference = _inference,
        Postprocess = _postprocess,
        Writing = _writing,
        NonFinite = _nonFinite,
        Interrupted = interrupted,
    };
}
