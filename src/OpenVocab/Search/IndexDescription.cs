namespace OpenVocab.Search;

/// <summary>What an index says of itself.</summary>
/// <param name="Model">Whose vectors it holds.</param>
/// <param name="Folder">Full path of the folder that its pictures lie in; null before the first <see cref="ImageIndex.Update"/>.</param>
/// <param name="Count">Pictures that can be found: with a vector.</param>
public sealed record IndexDescription(EmbeddingModel Model, string? Folder, int Count);
