using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>
/// One run of a <see cref="Pipeline"/>: three stages, each on a thread of its own, and the only place of the library with threads. Items go
/// round: free → read → detected → free, so their number bounds memory, and a slow stage makes the others wait. A live source does not wait: of its frames the
/// newest one that nobody has begun to look at is replaced by the next.
/// </summary>
internal sealed partial class PipelineRun : IDisposable
{
    /// <summary>For a live source: one is read, one waits, one is looked at, one waits, one is written; so the reader always has one.</summary>
    private const int LeastItemsOfLiveRun = 5;

    /// <summary>A failed run waits this long for stages that are inside foreign code; then it reports the error and leaves them behind.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1.5);

    private readonly PipelinePlan _plan;
    private readonly WriteStage _writeStage;
    private readonly RunStatistics _statistics;
    private readonly bool _live;
    private readonly BlockingCollection<PipelineItem> _free = [];
    private readonly ConcurrentQueue<PipelineItem> _readQueue = new();
    private readonly BlockingCollection<PipelineItem> _read;
    private readonly BlockingCollection<PipelineItem> _detected;
    private readonly CancellationTokenSource _failure = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PipelineRun(PipelinePlan plan, IProgress<PipelineProgress>? progress)
    {
        _plan = plan;
        _statistics = new(plan.Options.Source.Clock);
        _writeStage = new(plan, _statistics, progress);
        _live = plan.Options.Source.Loop || plan.Inputs.Any(input => input.Info.IsLive || input.Info.Kind is SourceKind.Camera or SourceKind.Stream);
        _read = new(_readQueue);
        _detected = _live ? new(boundedCapacity: 1) : [];
    }

    internal async Task<PipelineReport> RunAsync(CancellationToken cancellationToken)
    {
        int count = _live ? Math.Max(_plan.Options.FramesInFlight, LeastItemsOfLiveRun) : _plan.Options.FramesInFlight;
        PipelineItem[] items = [.. Enumerable.Range(0, count).Select(_ => new PipelineItem())];
        foreach (PipelineItem item in items) { _free.Add(item, CancellationToken.None); }
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _failure.Token);
        Task all = Task.WhenAll(
            RunStage(() => Read(stop.Token), _read), RunStage(Detect, _detected), RunStage(Write, null));
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
        return _statistics.Describe(_plan.Inputs.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _failure.Dispose();
        // The collections are left to the collector: a stage that did not come back may still use them, and they hold nothing native.
    }

    // The first error is the run's; what the other stages say when they are told to stop is not.
    // A thread of its own for each: stages block, and blocked threads of the pool would starve the other pipelines.
    private Task RunStage(Action work, BlockingCollection<PipelineItem>? output) => Task.Factory.StartNew(() =>
    {
        try { work(); }
        catch (Exception error)
        {
            _failed.TrySetException(error);
            // Before the output ends: for the stage behind it is not an ordinary end, and it must not finish files as if all were well.
            _failure.Cancel();
        }
        output?.CompleteAdding();
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Read(CancellationToken stop)
    {
        for (int i = 0; i < _plan.Inputs.Count && !stop.IsCancellationRequested; i++)
        {
            SourceReport report = ReadSource(_plan.Inputs[i], i + 1, stop);
            PipelineItem item = _free.Take(_failure.Token);
            (item.Source, item.SourceNumber, item.End) = (report.Source, i + 1, report);
            _read.Add(item, CancellationToken.None);
        }
    }

    private SourceReport ReadSource(PipelineInput input, int number, CancellationToken stop)
    {
        SourceInfo info = input.Info;
        long read = 0, dropped = 0;
        PipelineItem? item = null;
        IFrameSource? source = null;
        SourceReport Describe() => new() { Source = info, Read = read + (source?.Failed ?? 0), Dropped = dropped, Failed = source?.Failed ?? 0 };
        try
        {
            source = input.Open(_plan.Options.Source with { StateChanged = change => OnStateChanged(input.Label ?? change.Source, change) });
            info = input.Label is { } label ? source.Info with { Name = label } : source.Info;
            while (true)
            {
                item ??= _free.Take(stop);
                item.Frame.CapturedAt = null;
                long before = Stopwatch.GetTimestamp();
                if (!source.TryRead(item.Frame, stop)) { break; }
                _statistics.AddRead(info, before);
                read++;
                (item.Source, item.SourceNumber, item.End) = (info, number, null);
                PipelineItem? stale = info.IsLive ? TakeBackWaiting() : null;
                _read.Add(item, CancellationToken.None);
                item = stale;
                if (stale is not null)
                {
                    dropped++;
                    _statistics.AddDropped(info);
                }
            }
            return Describe() with { Damage = source.Damage };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Describe() with { Interrupted = true };
        }
        catch (SourceException error)
        {
            return read == 0 ? Describe() with { Error = error } : Describe() with { Damage = error.Message };
        }
        finally
        {
            source?.Dispose();
            if (item is not null) { _free.Add(item, CancellationToken.None); }
        }
    }

    // This stage alone adds: between looking and taking, the frame can only go, and then the next call looks again.
    private PipelineItem? TakeBackWaiting() =>
        _readQueue.TryPeek(out PipelineItem? waiting) && waiting.End is null && _read.TryTake(out PipelineItem? stale) ? stale : null;

    private void Detect()
    {
        Detector detector = _plan.Detector!;
        foreach (PipelineItem item in _read.GetConsumingEnumerable(_failure.Token))
        {
            if (item.End is null)
            {
                item.Follow = _plan.Follow();
                bool withWeak = item.Follow.EffectiveTrack is not null;
                if (_plan.Shared is { } shared) { shared.Detect(item.Frame.Pixels, detector.Vocabulary, item.Result, withWeak); }
                else { detector.Detect(item.Frame.Pixels, _plan.Vocabulary ?? detector.Vocabulary, item.Result, withWeak); }
            }
            _detected.Add(item, _failure.Token);
        }
    }

    private void Write()
    {
        foreach (PipelineItem item in _detected.GetConsumingEnumerable(_failure.Token))
        {
            _writeStage.Take(item);
            _free.Add(item, CancellationToken.None);
        }
        _failure.Token.ThrowIfCancellationRequested();
        _writeStage.Complete();
    }

    private void OnStateChanged(string name, SourceStateChange change)
    {
        Telemetry.StateChanges.Add(1, new(Telemetry.SourceTag, name), new(Telemetry.StateTag, change.State.ToString().ToLowerInvariant()));
        Telemetry.SourceLive.Record(change.State == SourceState.Live ? 1 : 0, new KeyValuePair<string, object?>(Telemetry.SourceTag, name));
        if (change.RetryIn is { } wait) { LogLost(_plan.Options.Logger, name, change.Reason, change.Attempt, wait.TotalSeconds); }
        else if (change.Reason is { } reason) { LogEnded(_plan.Options.Logger, name, change.State, reason); }
        else { LogState(_plan.Options.Logger, name, change.State); }
        _plan.Options.Source.StateChanged?.Invoke(change);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Source} is {State}")]
    private static partial void LogState(ILogger logger, string source, SourceState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} is {State}: {Reason}")]
    private static partial void LogEnded(ILogger logger, string source, SourceState state, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} is lost: {Reason}; attempt {Attempt} follows in {Seconds:0.0} s")]
    private static partial void LogLost(ILogger logger, string source, string? reason, int attempt, double seconds);
}
