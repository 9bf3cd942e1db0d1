namespace OpenVocab.Models;

/// <summary>What an import made.</summary>
/// <param name="Folder">The bundle.</param>
/// <param name="Description">What the checkpoint is, in words.</param>
/// <param name="Classes">Names of the bundle's own vocabulary; empty where it has none.</param>
/// <param name="Notes">What a person should know: what the bundle lacks, and what was guessed.</param>
public sealed record ImportedModel(string Folder, string Description, IReadOnlyList<string> Classes, IReadOnlyList<string> Notes);
