namespace OpenVocab.Sources;

/// <summary>A video file as if it were a camera: played at its own frame rate, again from the start when it ends, its frames dropped where nobody is fast enough.</summary>
internal sealed class LoopingSource : IFrameSource
{
    private readonly Func<IFrameSource> _open;
    private readonly TimeProvider _clock;
    private readonly Action<SourceStateChange>? _onState;
    private IFrameSource? _round;
    private TimeSpan _roundBegan, _lastFrame, _distance = TimeSpan.FromMilliseconds(40);
    private long _start, _next, _framesOfRound;

    /// <summary>Opens the file for the first time, so that what is wrong with it shows at once.</summary>
    /// <exception cref="SourceException">The file cannot be read.</exception>
    internal LoopingSource(Func<IFrameSource> open, SourceOptions options)
    {
        (_open, _clock, _onState) = (open, options.Clock, options.StateChanged);
        _round = open();
        Info = _round.Info with { IsLive = true, FrameCount = null };
        if (Info.FrameRate is { } rate) { _distance = TimeSpan.FromSeconds(1 / rate.PerSecond); }
    }

    public SourceInfo Info { get; }

    public string? Damage => null;

    public bool TryRead(Frame into, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(into);
        _round ??= _open();
        while (!_round.TryRead(into, cancellationToken))
        {
            // A file that gave no frame would be opened without end.
            if (_framesOfRound == 0) { return false; }
            _round.Dispose();
            (_round, _framesOfRound) = (_open(), 0);
            _roundBegan += _lastFrame + _distance;
        }
        _lastFrame = into.Time;
        // Only now: opening takes its time, and the first frames would have to catch up.
        if (_next == 0) { _start = _clock.GetTimestamp(); }
        TimeSpan due = _roundBegan + into.Time, now = _clock.GetElapsedTime(_start);
        if (due > now) { Task.Delay(due - now, _clock, cancellationToken).GetAwaiter().GetResult(); }
        // Whoever stood still for long, a suspended machine for instance, does not race to catch up.
        else if (now - due > TimeSpan.FromSeconds(1)) { _roundBegan += now - due; }
        _framesOfRound++;
        if (_next == 0) { _onState?.Invoke(new(Info.Name, SourceState.Live, null, 0, null)); }
        (into.Index, into.Time, into.CapturedAt) = (_next++, _clock.GetElapsedTime(_start), _clock.GetUtcNow());
        return true;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _round, null) is not { } round) { return; }
        round.Dispose();
        _onState?.Invoke(new(Info.Name, SourceState.Ended, null, 0, null));
    }
}
