namespace OpenVocab.Models.Catalog;

/// <summary>One model of the catalogue: what it is, under which licence, and the files that it is made of.</summary>
public sealed record CatalogEntry
{
    /// <summary>What a person types; also the name of its folders.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in words.</summary>
    public required string Title { get; init; }

    /// <summary>What it is for.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>The licence of its files.</summary>
    public required ModelLicense License { get; init; }

    /// <summary>At least one; the first holds the weights.</summary>
    public required IReadOnlyList<CatalogFile> Files { get; init; }

    /// <summary>Name of the entry whose text encoder a detector was trained with; null for other kinds.</summary>
    public string? TextEncoder { get; init; }

    /// <summary>Name of the entry that lends its tokenizer; null where the files bring one or none is needed.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>The length of all files together; null if one of them is not known.</summary>
    public long? Bytes() => Files.Aggregate((long?)0, (sum, file) => sum + file.Bytes);
}
