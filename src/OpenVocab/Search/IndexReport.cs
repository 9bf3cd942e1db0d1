namespace OpenVocab.Search;

/// <summary>What an update did.</summary>
public sealed record IndexReport
{
    /// <summary>Pictures that are new in the index.</summary>
    public int Added { get; init; }

    /// <summary>Pictures that were embedded again because their size or time of change is another.</summary>
    public int Changed { get; init; }

    /// <summary>Pictures that are no longer in the folder, and left the index.</summary>
    public int Removed { get; init; }

    /// <summary>Pictures that were not looked at because nothing about them has changed.</summary>
    public int Unchanged { get; init; }

    /// <summary>Pictures that could not be read in this run, in their order, and why. Those that are damaged are looked at again only when they have changed.</summary>
    public required IReadOnlyList<UnreadPicture> Failed { get; init; }

    /// <summary>Of <see cref="Unchanged"/>, those that could not be read in an earlier run.</summary>
    public int FailedBefore { get; init; }

    /// <summary>From start to end.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>True if the run was cancelled; what was embedded until then is in the index, and the next run goes on from there.</summary>
    public bool Interrupted { get; init; }
}

/// <summary>A picture that could not be read.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Reason">Why, in a sentence that names it.</param>
public sealed record UnreadPicture(string Path, string Reason);
