using System.Diagnostics;
using System.Threading.Channels;
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
    private readonly SourceOptions _sourceOptions;
    private readonly WriteStage _writeStage;
    private readonly RunStatistics _statistics;
    private readonly bool _live;
    private readonly Channel<PipelineItem> _free = Channel.CreateUnbounded<PipelineItem>();
    private readonly Channel<PipelineItem> _read = Channel.CreateUnbounded<PipelineItem>();
    private readonly Channel<PipelineItem> _detected;
    private readonly CancellationTokenSource _failure = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PipelineRun(PipelinePlan plan, IProgress<PipelineProgress>? progress)
    {
        _plan = plan;
        _sourceOptions = plan.Options.Source with { StateChanged = OnStateChanged };
        _statistics = new(plan.Options.Source.Clock);
        _writeStage = new(plan, _statistics, progress);
        _live = plan.Options.Source.Loop || plan.Inputs.Any(input => input.Info.IsLive || input.Info.Kind is SourceKind.Camera or SourceKind.Stream);
        _detected = _live ? Channel.CreateBounded<PipelineItem>(1) : Channel.CreateUnbounded<PipelineItem>();
    }

    internal async Task<PipelineReport> RunAsync(CancellationToken cancellationToken)
    {
        int count = _live ? Math.Max(_plan.Options.FramesInFlight, LeastItemsOfLiveRun) : _plan.Options.FramesInFlight;
        PipelineItem[] items = [.. Enumerable.Range(0, count).Select(_ => new PipelineItem())];
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
        return _statistics.Describe(_plan.Inputs.Count);
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
        for (int i = 0; i < _plan.Inputs.Count && !stop.IsCancellationRequested; i++)
        {
            SourceReport report = await ReadSourceAsync(_plan.Inputs[i], i + 1, stop).ConfigureAwait(false);
            PipelineItem item = await _free.Reader.ReadAsync(_failure.Token).ConfigureAwait(false);
            (item.Source, item.SourceNumber, item.End) = (report.Source, i + 1, report);
            _read.Writer.TryWrite(item);
        }
    }

    private async Task<SourceReport> ReadSourceAsync(PipelineInput input, int number, CancellationToken stop)
    {
        SourceInfo info = input.Info;
        long read = 0, dropped = 0;
        PipelineItem? item = null;
        IFrameSource? source = null;
        SourceReport Describe() => new() { Source = info, Read = read + (source?.Failed ?? 0), Dropped = dropped, Failed = source?.Failed ?? 0 };
        try
        {
            source = input.Open(_sourceOptions);
            info = source.Info;
            while (true)
            {
                item ??= await _free.Reader.ReadAsync(stop).ConfigureAwait(false);
                item.Frame.CapturedAt = null;
                long before = Stopwatch.GetTimestamp();
                if (!source.TryRead(item.Frame, stop)) { break; }
                _statistics.AddRead(info, before);
                read++;
                (item.Source, item.SourceNumber, item.End) = (info, number, null);
                PipelineItem? stale = info.IsLive ? TakeBackWaiting() : null;
                _read.Writer.TryWrite(item);
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
            if (item is not null) { _free.Writer.TryWrite(item); }
        }
    }

    // This stage alone adds to the channel: between looking and taking, the frame can only go, and then the next call looks again.
    private PipelineItem? TakeBackWaiting() =>
        _read.Reader.TryPeek(out PipelineItem? waiting) && waiting.End is null && _read.Reader.TryRead(out PipelineItem? stale) ? stale : null;

    private async Task DetectAsync()
    {
        Detector detector = _plan.Detector!;
        await foreach (PipelineItem item in _read.Reader.ReadAllAsync(_failure.Token).ConfigureAwait(false))
        {
            if (item.End is null)
            {
                item.Follow = _plan.Follow();
                bool withWeak = item.Follow.EffectiveTrack is not null;
                if (_plan.Shared is { } shared) { await shared.DetectAsync(item.Frame.Pixels, detector.Vocabulary, item.Result, withWeak).ConfigureAwait(false); }
                else { detector.Detect(item.Frame.Pixels, _plan.Vocabulary ?? detector.Vocabulary, item.Result, withWeak); }
            }
            await _detected.Writer.WriteAsync(item, _failure.Token).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync()
    {
        await foreach (PipelineItem item in _detected.Reader.ReadAllAsync(_failure.Token).ConfigureAwait(false))
        {
            _writeStage.Take(item);
            _free.Writer.TryWrite(item);
        }
        _writeStage.Complete();
    }

    private void OnStateChanged(SourceStateChange change)
    {
        Telemetry.StateChanges.Add(1, new(Telemetry.SourceTag, change.Source), new(Telemetry.StateTag, change.State.ToString().ToLowerInvariant()));
        Telemetry.SourceLive.Record(change.State == SourceState.Live ? 1 : 0, new KeyValuePair<string, object?>(Telemetry.SourceTag, change.Source));
        if (change.RetryIn is { } wait) { LogLost(_plan.Options.Logger, change.Source, change.Reason, change.Attempt, wait.TotalSeconds); }
        else if (change.Reason is { } reason) { LogEnded(_plan.Options.Logger, change.Source, change.State, reason); }
        else { LogState(_plan.Options.Logger, change.Source, change.State); }
        _plan.Options.Source.StateChanged?.Invoke(change);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Source} is {State}")]
    private static partial void LogState(ILogger logger, string source, SourceState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} is {State}: {Reason}")]
    private static partial void LogEnded(ILogger logger, string source, SourceState state, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} is lost: {Reason}; attempt {Attempt} follows in {Seconds:0.0} s")]
    private static partial void LogLost(ILogger logger, string source, string? reason, int attempt, double seconds);
}
