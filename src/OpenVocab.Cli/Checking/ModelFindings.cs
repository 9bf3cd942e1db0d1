namespace OpenVocab.Cli.Checking;

/// <summary>What <c>openvocab models check</c> found out about a file or a bundle.</summary>
internal sealed record ModelFindings
{
    /// <summary>As it was given.</summary>
    internal required string Path { get; init; }

    /// <summary>What it is, in one line.</summary>
    internal required string Kind { get; init; }

    internal IReadOnlyList<TensorFinding> Inputs { get; init; } = [];

    internal IReadOnlyList<TensorFinding> Outputs { get; init; } = [];

    /// <summary>Who made it, and what its maker wrote into it: name and value.</summary>
    internal IReadOnlyList<(string Name, string Value)> Details { get; init; } = [];

    /// <summary>Classes of its own; empty for a model that has none.</summary>
    internal IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Of the network's file, 64 hexadecimal digits.</summary>
    internal string? Sha256 { get; init; }

    /// <summary>How long a frame takes from pixels to boxes; null where the trial run did not work.</summary>
    internal double? TrialMilliseconds { get; init; }

    /// <summary>What a user should know though it works.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What is wrong, each with what to do.</summary>
    internal IReadOnlyList<Problem> Problems { get; init; } = [];

    internal bool IsUsable => Problems.Count == 0;
}
