using OpenVocab.Counting;

namespace OpenVocab.Sources;

/// <summary>How one source ended.</summary>
public sealed record SourceReport
{
    /// <summary>The source; for one that could not be opened, its name and kind alone.</summary>
    public required SourceInfo Source { get; init; }

    /// <summary>Frames that were read and went through the detector.</summary>
    public long Frames { get; init; }

    /// <summary>What is missing or damaged although frames were read, or null.</summary>
    public string? Damage { get; init; }

    /// <summary>Why the source could not be read at all, or null.</summary>
    public SourceException? Error { get; init; }

    /// <summary>True if the run was stopped before the source's end.</summary>
    public bool Interrupted { get; init; }

    /// <summary>What was counted at lines and in zones; empty where nothing counts.</summary>
    public IReadOnlyList<RegionCounts> Counts { get; init; } = [];
}
