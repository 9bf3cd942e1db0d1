namespace OpenVocab.Sources;

/// <summary>How a camera or a network stream is kept alive. Immutable; change it by <c>with</c>.</summary>
public sealed record LiveOptions
{
    /// <summary>After this long without a frame a connection is given up, 100 ms to an hour. Default 5 s. A connection that has given none yet has twice as long with each try in a row.</summary>
    public TimeSpan FrameTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often in a row it may fail without a frame before it is given up; null: for ever. Default null.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>How long to wait before each try; the last goes on for ever. Each is varied by a tenth, so that many cameras do not come back at once.</summary>
    public IReadOnlyList<TimeSpan> Backoff { get; init; } =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)];

    internal void Validate()
    {
        if (FrameTimeout < TimeSpan.FromMilliseconds(100) || FrameTimeout > TimeSpan.FromHours(1))
        {
            throw new ArgumentException(Invariant($"FrameTimeout is {FrameTimeout.TotalSeconds} s; it must lie between 0.1 s and 3600 s."));
        }
        if (MaxRetries is < 0) { throw new ArgumentException($"MaxRetries is {MaxRetries}; it must be 0 or more."); }
        if (Backoff.Count == 0 || Backoff.Any(wait => wait < TimeSpan.Zero || wait > TimeSpan.FromDays(1)))
        {
            throw new ArgumentException("Backoff must hold at least one time; each must lie between 0 and a day.");
        }
    }
}
