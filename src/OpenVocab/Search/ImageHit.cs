namespace OpenVocab.Search;

/// <summary>A picture that was found.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Name">Path relative to the folder of the index, with slashes.</param>
/// <param name="Score">
/// Cosine between the picture and the query, -1 to 1. Of texts CLIP's lie between about 0.15 and 0.35, of pictures up to 1: compare scores of one query with each other only.
/// </param>
public readonly record struct ImageHit(string Path, string Name, float Score);
