namespace OpenVocab.Sources;

/// <summary>
/// A live source that comes back: watches that frames come, gives a connection up that has none for too long, and opens the next after a wait that grows. Every
/// state can be left: cancelling ends each wait at once.
/// </summary>
internal sealed class ReconnectingSource : IFrameSource
{
    /// <summary>A camera that sends a whole picture every 20 s only, and is joined in between, needs patience: each try in a row has twice that of the one before, up to so often.</summary>
    private const int MostPatience = 16;

    /// <summary>Share of a wait by which it is varied.</summary>
    private const double Jitter = 0.1;

    private readonly Func<IFrameSource> _open;
    private readonly LiveOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<SourceStateChange>? _onState;
    private readonly Random _random = new();
    private readonly long _start;
    private IFrameSource? _connection;
    private SourceState? _state;
    private int _attempt;
    private long _next, _failed;
    private bool _ended;

    /// <summary>Makes a source that is not connected yet.</summary>
    /// <param name="info">What is known of it.</param>
    /// <param name="open">Opens a connection; each is disposed here.</param>
    /// <param name="options">When to give up and how long to wait.</param>
    /// <param name="clock">Tells the time and wakes.</param>
    /// <param name="onState">Told of every change, on the thread that reads.</param>
    internal ReconnectingSource(SourceInfo info, Func<IFrameSource> open, LiveOptions options, TimeProvider clock, Action<SourceStateChange>? onState)
    {
        (Info, _open, _options, _clock, _onState, _start) = (info, open, options, clock, onState, clock.GetTimestamp());
    }

    public SourceInfo Info { get; }

    public string? Damage { get; private set; }

    public long Failed => _failed + (_connection?.Failed ?? 0);

    public bool TryRead(Frame into, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(into);
        while (!_ended)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_connection is null) { Tell(SourceState.Connecting, null, null); }
            string? fault = ReadOnce(into, cancellationToken);
            if (fault is null)
            {
                _attempt = 0;
                if (_state != SourceState.Live) { Tell(SourceState.Live, null, null); }
                (into.Index, into.Time) = (_next++, _clock.GetElapsedTime(_start));
                return true;
            }
            CloseConnection();
            WaitForNextTry(fault, cancellationToken);
        }
        return false;
    }

    public void Dispose()
    {
        CloseConnection();
        if (_state is not null and not SourceState.Ended) { Tell(SourceState.Ended, null, null); }
    }

    /// <returns>Null when there is a frame, otherwise why there is none.</returns>
    private string? ReadOnce(Frame into, CancellationToken cancellationToken)
    {
        TimeSpan patience = _state == SourceState.Live ? _options.FrameTimeout : _options.FrameTimeout * Math.Min(1 << Math.Min(_attempt, 10), MostPatience);
        using CancellationTokenSource watchdog = new(patience, _clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watchdog.Token);
        try
        {
            _connection ??= _open();
            return _connection.TryRead(into, either.Token) ? null : _connection.Damage ?? "it ended";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Invariant($"no frame for {patience.TotalSeconds:0.##} s");
        }
        catch (SourceException error) when (error.Fault != SourceFault.TooLarge)
        {
            return error.Message.StartsWith(Info.Name + ": ", StringComparison.Ordinal) ? error.Message[(Info.Name.Length + 2)..] : error.Message;
        }
    }

    private void WaitForNextTry(string fault, CancellationToken cancellationToken)
    {
        if (_options.MaxRetries is { } most && _attempt >= most)
        {
            _ended = true;
            Damage = $"given up after {most} {(most == 1 ? "retry" : "retries")}: {fault}";
            Tell(SourceState.Ended, fault, null);
            if (_next == 0) { throw new SourceException(SourceFault.NotReadable, $"{Info.Name}: {Damage}", "Check the address, and that the camera or server runs."); }
            return;
        }
        TimeSpan wait = _options.Backoff[Math.Min(_attempt, _options.Backoff.Count - 1)] * (1 + Jitter * (2 * _random.NextDouble() - 1));
        _attempt++;
        Tell(SourceState.Waiting, fault, wait);
        Task.Delay(wait, _clock, cancellationToken).GetAwaiter().GetResult();
    }

    private void CloseConnection()
    {
        if (_connection is null) { return; }
        _connection.Dispose();
        _failed += _connection.Failed;
        _connection = null;
    }

    private void Tell(SourceState state, string? reason, TimeSpan? retryIn)
    {
        _state = state;
        _onState?.Invoke(new(Info.Name, state, reason, _attempt, retryIn));
    }
}
