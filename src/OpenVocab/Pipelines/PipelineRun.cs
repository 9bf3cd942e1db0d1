using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>
/// One run of a <see cref="Pipeline"/>: three stages, each on threads of its own, and the only place of the library with threads. Items go
/// round: free → read → detected → free, so their number bounds memory, and a slow stage makes the others wait. Of files several frames may be looked at at once;
/// they are handed on in the order in which they were read. A live source does not wait: of its frames the newest one that nobody has begun to look at is replaced by the next.
/// </summary>
internal sealed partial class PipelineRun : IDisposable
{
    /// <summary>For a live source: one is read, one waits, one is looked at, one waits, one is written; so the reader always has one.</summary>
    private const int LeastItemsOfLiveRun = 5;

    /// <summary>Beside the frames that are looked at: one is read, one is written.</summary>
    private const int ItemsBesideDetection = 2;

    /// <summary>A failed run waits this long for stages that are inside foreign code; then it reports the error and leaves them behind.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1.5);

    private readonly PipelinePlan _plan;
    private readonly WriteStage _writeStage;
    private readonly RunStatistics _statistics;
    private readonly bool _live;
    private readonly int _lookers;
    private readonly BlockingCollection<PipelineItem> _free = [];
    private readonly ConcurrentQueue<PipelineItem> _readQueue = new();
    private readonly BlockingCollection<PipelineItem> _read;
    private readonly BlockingCollection<PipelineItem> _detected;
    private readonly CancellationTokenSource _failure = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _taking = new();
    private readonly object _order = new();
    private long _taken, _handedOn;

    internal PipelineRun(PipelinePlan plan, IProgress<PipelineProgress>? progress)
    {
        _plan = plan;
        _statistics = new(plan.Options.Source.Clock);
        _writeStage = new(plan, _statistics, progress);
        _live = plan.Options.Source.Loop || plan.Inputs.Any(input => input.Info.IsLive || input.Info.Kind is SourceKind.Camera or SourceKind.Stream);
        _lookers = _live || plan.Shared is not null ? 1 : plan.Detector!.ParallelFrames;
        _read = new(_readQueue);
        _detected = _live ? new(boundedCapacity: 1) : [];
    }

    internal async Task<PipelineReport> RunAsync(CancellationToken cancellationToken)
    {
        int count = Math.Max(_plan.Options.FramesInFlight, _live ? LeastItemsOfLiveRun : _lookers + ItemsBesideDetection);
        PipelineItem[] items = [.. Enumerable.Range(0, count).Select(_ => new PipelineItem(_plan.WithRegions))];
        foreach (PipelineItem item in items) { _free.Add(item, CancellationToken.None); }
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _failure.Token);
        using CancellationTokenRegistration wake = _failure.Token.Register(() => { lock (_order) { Monitor.PulseAll(_order); } });
        Task all = Task.WhenAll(RunStage(() => Read(stop.Token), _read), RunStage(Detect, _detected, _lookers), RunStage(Write, null));
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
    // Threads of their own: stages block, and blocked threads of the pool would starve the other pipelines.
    private Task RunStage(Action work, BlockingCollection<PipelineItem>? output, int threads = 1)
    {
        int running = threads;
        void Run()
        {
            try { work(); }
            catch (Exception error)
            {
                _failed.TrySetException(error);
                // Before the output ends: for the stage behind it is not an ordinary end, and it must not finish files as if all were well.
                _failure.Cancel();
            }
            if (Interlocked.Decrement(ref running) == 0) { output?.CompleteAdding(); }
        }
        return Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

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
        while (TakeNext(out long place) is { } item)
        {
            if (item.End is null)
            {
                bool withWeak = item.Follow.EffectiveTrack is not null;
                if (_plan.Shared is { } shared) { shared.Detect(item.Frame.Pixels, item.Vocabulary, item.Result, withWeak); }
                else { _plan.Detector!.Detect(item.Frame.Pixels, item.Vocabulary, item.Result, withWeak); }
            }
            HandOn(item, place);
        }
    }

    // Words are read in the order of the frames, so that no frame is looked at for older words than the one before it.
    private PipelineItem? TakeNext(out long place)
    {
        lock (_taking)
        {
            place = _taken;
            if (!_read.TryTake(out PipelineItem? item, Timeout.Infinite, _failure.Token)) { return null; }
            _taken++;
            (item.Follow, item.Vocabulary) = (_plan.Follow(), _plan.Vocabulary ?? _plan.Detector!.Vocabulary);
            return item;
        }
    }

    private void HandOn(PipelineItem item, long place)
    {
        lock (_order)
        {
            while (_handedOn != place)
            {
                _failure.Token.ThrowIfCancellationRequested();
                Monitor.Wait(_order);
            }
            _detected.Add(item, _failure.Token);
            _handedOn++;
            Monitor.PulseAll(_order);
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
