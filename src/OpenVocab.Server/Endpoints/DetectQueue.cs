using System.Threading.RateLimiting;

namespace OpenVocab.Server.Endpoints;

/// <summary>
/// Where pictures that have arrived wait for the detector. One at a time: a picture that somebody sends must not slow the streams down more than one more stream
/// would.
/// </summary>
internal sealed class DetectQueue(OpenVocabOptions options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = 1, QueueLimit = options.MaxWaiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <summary>Waits for one's turn, which ends with what comes back. It is not acquired where as many wait as may.</summary>
    internal ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => _limiter.AcquireAsync(1, cancellationToken);

    public void Dispose() => _limiter.Dispose();
}
