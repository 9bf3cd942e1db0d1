namespace OpenVocab.Sources;

/// <summary>A source that was found and is not open yet.</summary>
/// <param name="Kind">What it is, by its content.</param>
/// <param name="Name">Path, device number, <c>-</c> for standard input, or an address without its passwords.</param>
public sealed record SourceReference(SourceKind Kind, string Name)
{
    /// <summary>What results, reports, metrics and logs call it, in place of its name: two streams of one address are told apart. Null: its name.</summary>
    public string? Label { get; init; }

    /// <summary>The whole address of a stream; not shown by anything.</summary>
    internal StreamAddress? Address { get; init; }
}
