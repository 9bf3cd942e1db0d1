namespace OpenVocab.Models.Catalog;

/// <summary>A try that failed in a way that may pass.</summary>
/// <param name="Why">The rest of a sentence that begins with the file.</param>
/// <param name="RetryAfter">How long the server wants to be left alone, if it said so.</param>
internal sealed record Interruption(string Why, TimeSpan? RetryAfter = null);
