namespace OpenVocab.Clip;

/// <summary>What a classifier says of one label.</summary>
/// <param name="Label">As it was given.</param>
/// <param name="Probability">0 to 1; of one picture all labels sum up to 1, unless they are judged independently or something competes that is no label.</param>
/// <param name="Cosine">Of the picture's embedding and the label's, -1 to 1.</param>
public readonly record struct LabelProbability(string Label, float Probability, float Cosine);
