using OpenVocab.Sources;

namespace OpenVocab.Search;

/// <summary>A thing of an index that fits what was asked for.</summary>
public sealed record VideoAnswer
{
    /// <summary>The words that it fits, as they were asked.</summary>
    public required string Words { get; init; }

    /// <summary>Full path of the video or picture.</summary>
    public required string Path { get; init; }

    /// <summary>Video or picture.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>Why the file is not the one that was looked at, as a clause: it is gone, or has changed since; null where it is. What was seen can be told all the same, and not be shown.</summary>
    public string? SourceProblem { get; init; }

    /// <summary>When it was seen first, since the start of the video; zero for a picture.</summary>
    public required TimeSpan From { get; init; }

    /// <summary>When it was seen last.</summary>
    public required TimeSpan To { get; init; }

    /// <summary>When it fits best.</summary>
    public required TimeSpan BestTime { get; init; }

    /// <summary>Where it is then, in pixels of the source.</summary>
    public required Box Box { get; init; }

    /// <summary>Probability at that time, 0 to 1: what <see cref="Detector"/> gives for these words and this box.</summary>
    public required float Score { get; init; }

    /// <summary>Number of its track in the source; null where it was seen in one frame only.</summary>
    public int? Track { get; init; }

    /// <summary>In how many of the frames that were looked at it was seen.</summary>
    public required int Frames { get; init; }

    /// <summary>Width of the source in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the source in pixels.</summary>
    public required int Height { get; init; }
}
