namespace OpenVocab.Sources;

/// <summary>A source that was found and is not open yet.</summary>
/// <param name="Kind">What it is, by its content.</param>
/// <param name="Name">Path, device number, or <c>-</c> for standard input.</param>
public sealed record SourceReference(SourceKind Kind, string Name);
