namespace OpenVocab.Cli.Comparing;

/// <summary>A picture, a text, and how well they fit.</summary>
/// <param name="Rank">Place among all pictures, from 1, where they are ordered.</param>
/// <param name="Picture">As it was named.</param>
/// <param name="Text">As it was given.</param>
/// <param name="Score">By the formula that was asked for.</param>
/// <param name="Cosine">Of the embeddings.</param>
internal sealed record ComparedPair(int Rank, string Picture, string Text, double Score, double Cosine);
