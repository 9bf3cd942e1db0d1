namespace OpenVocab.Server.Streams;

/// <summary>
/// Hands the newest frame to all who look. Nobody is waited for: a slow viewer misses frames and gets the newest when it is ready. Safe for any number of
/// threads.
/// </summary>
internal sealed class FrameBroadcast(int mostViewers)
{
    private readonly Lock _gate = new();
    private readonly int[] _viewers = new int[3];
    private TaskCompletionSource _next = NewSignal();
    private PublishedFrame? _latest;

    /// <summary>How many look.</summary>
    internal int Viewers { get { lock (_gate) { return _viewers.Sum(); } } }

    /// <summary>Whether anybody wants this: pictures are encoded for those who look only.</summary>
    internal bool Wants(ViewerKind kind) => Volatile.Read(ref _viewers[(int)kind]) > 0;

    /// <summary>A new frame.</summary>
    internal void Publish(PublishedFrame frame)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            _latest = frame;
            (waiting, _next) = (_next, NewSignal());
        }
        waiting.SetResult();
    }

    /// <summary>The stream has another state: whoever waits looks again.</summary>
    internal void Wake()
    {
        TaskCompletionSource waiting;
        lock (_gate) { (waiting, _next) = (_next, NewSignal()); }
        waiting.SetResult();
    }

    /// <summary>Begins to look; dispose what comes back to end it. Null: too many look already.</summary>
    internal Viewer? Join(ViewerKind kind)
    {
        lock (_gate)
        {
            if (_viewers.Sum() >= mostViewers) { return null; }
            _viewers[(int)kind]++;
            return new(this, kind);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Somebody who looks.</summary>
    internal sealed class Viewer(FrameBroadcast broadcast, ViewerKind kind) : IDisposable
    {
        private long _seen;
        private int _left;

        /// <summary>The next frame, or null where only the state of the stream changed.</summary>
        internal async Task<PublishedFrame?> NextAsync(CancellationToken cancellationToken)
        {
            Task signal;
            lock (broadcast._gate)
            {
                if (broadcast._latest is { } waiting && Fits(waiting)) { return Take(waiting); }
                signal = broadcast._next.Task;
            }
            await signal.WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (broadcast._gate) { return broadcast._latest is { } frame && Fits(frame) ? Take(frame) : null; }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) != 0) { return; }
            lock (broadcast._gate) { broadcast._viewers[(int)kind]--; }
        }

        private bool Fits(PublishedFrame frame) => frame.Number != _seen && kind switch
        {
            ViewerKind.Pictures => frame.Picture is not null,
            ViewerKind.Annotated => frame.Annotated is not null,
            _ => true,
        };

        private PublishedFrame Take(PublishedFrame frame)
        {
            _seen = frame.Number;
            return frame;
        }
    }
}
