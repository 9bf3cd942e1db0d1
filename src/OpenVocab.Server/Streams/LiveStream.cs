using OpenVocab.Pipelines;
using OpenVocab.Search;
using OpenVocab.Sources;

namespace OpenVocab.Server.Streams;

/// <summary>A configured source, running or not. Each runs a pipeline of its own, so that one that fails or hangs does not touch the others.</summary>
internal sealed partial class LiveStream : IAsyncDisposable
{
    private const string Stopped = "stopped", Connecting = "connecting", Live = "live", Ended = "ended";

    private readonly StreamDefinition _definition;
    private readonly SourceReference _reference;
    private readonly BatchingDetector _detector;
    private readonly OpenVocabOptions _options;
    private readonly StreamMemory? _memory;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _switch = new(1);
    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;
    private StreamSink? _sink;
    private string _state = Stopped;
    private string? _reason;
    private TimeSpan? _retryIn, _vocabularyLatency;
    private FrameCounts _frames = new(0, 0, 0, 0);
    private int _reconnects, _disposed;
    private FollowSettings _follow;

    /// <exception cref="SourceException">The source names nothing, or no live source.</exception>
    internal LiveStream(StreamDefinition definition, BatchingDetector detector, OpenVocabOptions options, StreamMemory? memory, ILogger logger)
    {
        (_definition, _reference, _detector, _options, _memory, _logger, _follow) = (definition, FrameSources.FindLive(definition.Source) with { Label = definition.Id }, detector, options, memory, logger, options.Follow);
        Broadcast = new(options.MaxViewers);
    }

    internal string Id => _definition.Id;

    internal FrameBroadcast Broadcast { get; }

    /// <summary>Frames come, or may come again by themselves.</summary>
    internal bool Runs { get { lock (_gate) { return _state is not (Stopped or Ended); } } }

    /// <summary>What is tracked and counted; may be changed while it runs.</summary>
    internal FollowSettings Follow
    {
        get => Volatile.Read(ref _follow);
        set => Volatile.Write(ref _follow, value);
    }

    /// <summary>Starts it where it does not run.</summary>
    internal async Task StartAsync()
    {
        await _switch.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_run.IsCompleted) { return; }
            _stop?.Dispose();
            _stop = new();
            lock (_gate) { (_state, _reason, _retryIn, _frames, _reconnects) = (Connecting, null, null, new(0, 0, 0, 0), 0); }
            _run = RunAsync(_stop.Token);
        }
        finally { _switch.Release(); }
    }

    /// <summary>Stops it where it runs, and waits for its end.</summary>
    internal async Task StopAsync()
    {
        await _switch.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_stop is null) { return; }
            await _stop.CancelAsync().ConfigureAwait(false);
            await _run.ConfigureAwait(false);
        }
        finally { _switch.Release(); }
    }

    public async ValueTask DisposeAsync()
    {
        // The container asks twice: as the hub, and as a hosted service.
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return; }
        await StopAsync().ConfigureAwait(false);
        _stop?.Dispose();
        _switch.Dispose();
    }

    internal StreamStatus Describe()
    {
        lock (_gate)
        {
            StreamSink? sink = _sink;
            bool live = _state == Live;
            return new(
                Id, _reference.Name, _state, _reason, _retryIn?.TotalSeconds, sink?.Size.Width ?? 0, sink?.Size.Height ?? 0, live ? Math.Round(sink?.FramesPerSecond ?? 0, 2) : 0,
                live ? Math.Round(sink?.Latency.TotalMilliseconds ?? 0, 1) : 0, StageMilliseconds.Of(sink?.Timings ?? default), _frames, _reconnects, _vocabularyLatency?.TotalMilliseconds, Broadcast.Viewers,
                FollowRequest.Of(Follow));
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        // Off the caller's thread: opening a file takes its time.
        await Task.Yield();
        StreamSink sink = new(Broadcast, _options.Source.Clock);
        lock (_gate) { _sink = sink; }
        string state = Stopped;
        string? reason = null;
        try
        {
            PipelineReport report = await Remembering(Pipeline.From([_reference]).Detect(_detector).Follow(() => Follow).To(sink)).With(new()
            {
                Source = _options.Source with { Loop = true, StateChanged = OnStateChanged },
                VocabularyChanged = change => { lock (_gate) { _vocabularyLatency = change.Latency; } },
                Logger = _logger,
            }).RunAsync(new Progress(this), stop).ConfigureAwait(false);
            SourceReport source = report.Sources.Count > 0 ? report.Sources[0] : new() { Source = new() { Name = _reference.Name, Kind = _reference.Kind } };
            lock (_gate) { _frames = new(source.Read, source.Frames, source.Dropped, source.Failed); }
            if (!stop.IsCancellationRequested) { (state, reason) = (Ended, source.Error?.Message ?? source.Damage ?? "the source ended"); }
        }
        catch (Exception fault)
        {
            // A stage failed: this stream ends, the server and the others go on.
            LogFailed(fault, Id);
            (state, reason) = (Ended, fault is OpenVocabException known ? known.Message : "an internal error; the log says more");
        }
        lock (_gate) { (_state, _reason, _retryIn) = (state, reason, null); }
        Broadcast.Wake();
    }

    private Pipeline Remembering(Pipeline pipeline) => _memory is null ? pipeline : pipeline.WithRegions().To(new StreamMemorySink(_memory, _options.Source.Clock));

    private void OnStateChanged(SourceStateChange change)
    {
        lock (_gate)
        {
            // A try that fails is no second loss.
            if (change.State == SourceState.Waiting && _state == Live) { _reconnects++; }
            (_state, _reason, _retryIn) = (change.State.ToString().ToLowerInvariant(), change.Reason, change.RetryIn);
        }
        Broadcast.Wake();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Stream {Id} failed")]
    private partial void LogFailed(Exception fault, string id);

    private sealed class Progress(LiveStream stream) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value)
        {
            lock (stream._gate) { stream._frames = new(value.Read, value.Frames, value.Dropped, 0); }
        }
    }
}
