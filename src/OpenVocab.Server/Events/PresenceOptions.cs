namespace OpenVocab.Server.Events;

/// <summary>When a class is there. Immutable; change it by <c>with</c>.</summary>
public sealed record PresenceOptions
{
    /// <summary>A class appears when it was seen in so many frames, none further from the next than <see cref="LeaveAfter"/>. 1 to 1,000. Default 3: a single false alarm is none.</summary>
    public int Frames { get; init; } = 3;

    /// <summary>A class has left when it was not seen for so long. 0 to a day. Default 3 s.</summary>
    public TimeSpan LeaveAfter { get; init; } = TimeSpan.FromSeconds(3);

    internal PresenceOptions Validated()
    {
        if (Frames is < 1 or > 1000) { throw new ArgumentException($"Frames is {Frames}; it must lie between 1 and 1000."); }
        return LeaveAfter >= TimeSpan.Zero && LeaveAfter <= TimeSpan.FromDays(1) ? this : throw new ArgumentException(Invariant($"LeaveAfter is {LeaveAfter.TotalSeconds} s; it must lie between 0 and a day."));
    }
}
