using System.Text.Json.Serialization;

namespace OpenVocab.Server.Events;

/// <summary>A class appeared in a stream, or left it.</summary>
/// <param name="Source">The stream.</param>
/// <param name="Class">The class.</param>
/// <param name="Event"><c>appeared</c> or <c>left</c>.</param>
/// <param name="At">When it was first, or last, seen.</param>
/// <param name="Count">How many of it were in that frame.</param>
/// <param name="Score">The best score in that frame.</param>
/// <param name="Seconds">How long it was there; for <c>left</c> alone.</param>
public sealed record PresenceEvent(
    string Source, string Class, string Event, DateTimeOffset At, int Count, float Score,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Seconds);

/// <summary>Somebody who is told of events, over a network. Called by one thread at a time.</summary>
internal interface IEventTarget : IAsyncDisposable
{
    /// <summary>What logs call it, without passwords.</summary>
    string Name { get; }

    /// <summary>Tells one event; throws where that fails, and is asked again.</summary>
    Task SendAsync(PresenceEvent happened, byte[] json, CancellationToken cancellationToken);
}
