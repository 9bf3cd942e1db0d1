namespace OpenVocab.Models.Catalog;

/// <summary>Under which terms others give a model away. Shown before a download; whoever pulls accepts it.</summary>
/// <param name="Name">In words, for example <c>MIT</c>.</param>
/// <param name="Address">Where its text can be read, https.</param>
public sealed record ModelLicense(string Name, Uri Address);
