using OpenVocab.Counting;

namespace OpenVocab.Sources;

/// <summary>How one source ended.</summary>
public sealed record SourceReport
{
    /// <summary>The source; for one that could not be opened, its name and kind alone.</summary>
    public required SourceInfo Source { get; init; }

    /// <summary>Frames that the source began to deliver: <see cref="Frames"/> + <see cref="Dropped"/> + <see cref="Failed"/>.</summary>
    public long Read { get; init; }

    /// <summary>Frames that went through all stages.</summary>
    public long Frames { get; init; }

    /// <summary>Frames of a live source that a newer one replaced before they were looked at.</summary>
    public long Dropped { get; init; }

    /// <summary>Frames that came in part.</summary>
    public long Failed { get; init; }

    /// <summary>What is missing or damaged although frames were read, or null.</summary>
    public string? Damage { get; init; }

    /// <summary>Why the source could not be read at all, or null.</summary>
    public SourceException? Error { get; init; }

    /// <summary>True if the run was stopped before the source's end.</summary>
    public bool Interrupted { get; init; }

    /// <summary>What was counted at lines and in zones; empty where nothing counts.</summary>
    public IReadOnlyList<RegionCounts> Counts { get; init; } = [];
}
