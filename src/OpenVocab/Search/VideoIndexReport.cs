using OpenVocab.Sources;

namespace OpenVocab.Search;

/// <summary>What a run of a <see cref="VideoIndexer"/> did.</summary>
public sealed record VideoIndexReport
{
    /// <summary>The sources that were looked at and how each ended; those that could not be read have an error and are not in the index.</summary>
    public required IReadOnlyList<SourceReport> Sources { get; init; }

    /// <summary>Sources that were not looked at because nothing about them has changed.</summary>
    public int Unchanged { get; init; }

    /// <summary>Frames that were looked at.</summary>
    public long Frames { get; init; }

    /// <summary>How much time of videos was looked at.</summary>
    public TimeSpan VideoTime { get; init; }

    /// <summary>Things that were written.</summary>
    public long Things { get; init; }

    /// <summary>Views of them.</summary>
    public long Views { get; init; }

    /// <summary>Detections that were dropped because the network gave a number that is none; 0 for a healthy model.</summary>
    public long NonFinite { get; init; }

    /// <summary>From start to end.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>True if the run was cancelled; sources that were done by then are in the index, and the next run goes on from there.</summary>
    public bool Interrupted { get; init; }
}

/// <summary>What an index of videos says of itself.</summary>
/// <param name="Model">Whose regions it holds.</param>
/// <param name="Sources">Videos and pictures.</param>
/// <param name="Things">What was seen in them.</param>
/// <param name="Views">Of all things: what a question is compared with.</param>
public sealed record VideoIndexDescription(EmbeddingModel Model, long Sources, long Things, long Views);
