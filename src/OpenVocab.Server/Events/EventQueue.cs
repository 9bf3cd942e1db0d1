using System.Text.Json;
using System.Threading.Channels;

namespace OpenVocab.Server.Events;

/// <summary>
/// Tells events to targets beside the pipelines: nobody waits for a network. Each target has a queue of its own; a target that fails is asked again, and where it stays away
/// the oldest events go, counted.
/// </summary>
internal sealed partial class EventQueue : IAsyncDisposable
{
    private const int MostWaiting = 1000;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10), s_lastChance = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan[] s_waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)];

    private readonly List<(IEventTarget Target, Channel<PresenceEvent> Events)> _targets = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger;
    private readonly Task _sending;
    private long _lost;

    internal EventQueue(IEnumerable<IEventTarget> targets, ILogger logger)
    {
        _logger = logger;
        foreach (IEventTarget target in targets)
        {
            _targets.Add((target, Channel.CreateBounded<PresenceEvent>(
                new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _lost))));
        }
        _sending = Task.WhenAll(_targets.Select(target => Task.Run(() => SendAsync(target.Target, target.Events.Reader))));
    }

    /// <summary>Events that were given up.</summary>
    internal long Lost => Interlocked.Read(ref _lost);

    /// <summary>Returns at once.</summary>
    internal void Tell(PresenceEvent happened)
    {
        foreach ((_, Channel<PresenceEvent> events) in _targets) { events.Writer.TryWrite(happened); }
    }

    /// <summary>Sends what is left, for three seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach ((_, Channel<PresenceEvent> events) in _targets) { events.Writer.TryComplete(); }
        _stop.CancelAfter(s_lastChance);
        await _sending.ConfigureAwait(false);
        foreach ((IEventTarget target, _) in _targets) { await target.DisposeAsync().ConfigureAwait(false); }
        _stop.Dispose();
    }

    private async Task SendAsync(IEventTarget target, ChannelReader<PresenceEvent> events)
    {
        bool inHand = false;
        try
        {
            await foreach (PresenceEvent happened in events.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                inHand = true;
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(happened, JsonSerializerOptions.Web);
                for (int failures = 0; !await TrySendAsync(target, happened, json).ConfigureAwait(false); failures++)
                {
                    await Task.Delay(s_waits[Math.Min(failures, s_waits.Length - 1)], _stop.Token).ConfigureAwait(false);
                }
                inHand = false;
            }
        }
        catch (OperationCanceledException)
        {
            int left = inHand ? 1 : 0;
            while (events.TryRead(out _)) { left++; }
            Interlocked.Add(ref _lost, left);
            LogLost(target.Name, left);
        }
    }

    private async Task<bool> TrySendAsync(IEventTarget target, PresenceEvent happened, byte[] json)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        timeout.CancelAfter(s_timeout);
        try
        {
            await target.SendAsync(happened, json, timeout.Token).ConfigureAwait(false);
            return true;
        }
        // Whatever a network or the other side comes up with: it is asked again.
        catch (Exception fault)
        {
            _stop.Token.ThrowIfCancellationRequested();
            LogFailed(target.Name, fault is OperationCanceledException ? $"no answer for {s_timeout.TotalSeconds} s" : fault.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Target} could not be told of an event: {Reason}; it is tried again")]
    private partial void LogFailed(string target, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Target} was not told of {Count} events")]
    private partial void LogLost(string target, int count);
}
