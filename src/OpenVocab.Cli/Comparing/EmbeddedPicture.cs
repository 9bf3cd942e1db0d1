namespace OpenVocab.Cli.Comparing;

/// <summary>A picture that was read and embedded.</summary>
/// <param name="Name">As it was found: a path, or <c>-</c>.</param>
/// <param name="Embedding">A unit vector.</param>
internal sealed record EmbeddedPicture(string Name, float[] Embedding);
