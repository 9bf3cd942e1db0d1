namespace OpenVocab.Sources;

/// <summary>Where a camera or a network stream stands.</summary>
public enum SourceState
{
    /// <summary>Being opened; no frame yet.</summary>
    Connecting,

    /// <summary>Frames come.</summary>
    Live,

    /// <summary>Lost, or never reached; it will be tried again.</summary>
    Waiting,

    /// <summary>Given up, or stopped.</summary>
    Ended,
}

/// <summary>A camera or a network stream came or went.</summary>
/// <param name="Source">Its name, without passwords.</param>
/// <param name="State">Where it stands now.</param>
/// <param name="Reason">Why, where it was lost or given up; null otherwise. Without passwords.</param>
/// <param name="Attempt">How often in a row it has failed.</param>
/// <param name="RetryIn">How long it waits before the next try; null unless <see cref="SourceState.Waiting"/>.</param>
public sealed record SourceStateChange(string Source, SourceState State, string? Reason, int Attempt, TimeSpan? RetryIn);
