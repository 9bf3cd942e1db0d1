using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace OpenVocab.Models.Tests.Catalog;

/// <summary>A clock of the test's that tells for how long somebody wants to wait: a test advances it when it is waited for, not before.</summary>
internal sealed class TimerClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until somebody waits for exactly so long, and lets that time pass.</summary>
    internal async Task PassAsync(TimeSpan wait)
    {
        while (await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken) != wait) { }
        Advance(wait);
    }
}
