namespace OpenVocab.Decoding;

/// <summary>How a network that gives a box and scores for every anchor lays them out.</summary>
/// <param name="Levels">One after another, finest first; one level where the network has joined them.</param>
/// <param name="Form">What the numbers of a box mean.</param>
/// <param name="Logits">True: scores (and objectness) are to be put through the logistic function.</param>
internal sealed record DenseLayout(DenseLevel[] Levels, BoxForm Form, bool Logits);
