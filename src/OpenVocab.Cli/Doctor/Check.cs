namespace OpenVocab.Cli.Doctor;

/// <summary>How a check ended.</summary>
internal enum CheckState
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>It works, with less.</summary>
    Warning,

    /// <summary>Something will not work.</summary>
    Failed,
}

/// <summary>The result of one check.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="State">How it ended.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Remedy">What to do, or null.</param>
internal sealed record Check(string Name, CheckState State, string Finding, string? Remedy = null)
{
    internal static Check Ok(string name, string finding) => new(name, CheckState.Ok, finding);

    internal static Check Warn(string name, string finding, string remedy) => new(name, CheckState.Warning, finding, remedy);

    internal static Check Fail(string name, string finding, string remedy) => new(name, CheckState.Failed, finding, remedy);
}
