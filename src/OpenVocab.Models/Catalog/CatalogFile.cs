namespace OpenVocab.Models.Catalog;

/// <summary>One file of a model, as its publisher offers it.</summary>
public sealed record CatalogFile
{
    /// <summary>Its name on disk and on a mirror; no folders in it.</summary>
    public required string Name { get; init; }

    /// <summary>Where its publisher offers it, https.</summary>
    public required Uri Address { get; init; }

    /// <summary>Its length; null where nobody has recorded it.</summary>
    public required long? Bytes { get; init; }

    /// <summary>64 lower-case hexadecimal digits; null where nobody has recorded them: the first download is then taken as it is, and remembered.</summary>
    public required string? Sha256 { get; init; }

    /// <summary>True for what turns words into numbers: an entry can lend these files to another.</summary>
    internal bool IsOfTokenizer => Name is "vocab.json" or "merges.txt" or "tokenizer.json";
}
