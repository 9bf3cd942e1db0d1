namespace OpenVocab.Clip;

/// <summary>How well a text describes one of several pictures.</summary>
/// <param name="Index">The picture's place in the list that was given.</param>
/// <param name="Score">By the formula that was asked for.</param>
/// <param name="Cosine">Of the embeddings, -1 to 1: tells pictures apart whose scores are 0.</param>
public readonly record struct PictureScore(int Index, double Score, double Cosine);
