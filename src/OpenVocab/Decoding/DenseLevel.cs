namespace OpenVocab.Decoding;

/// <summary>Where the numbers of one level of a network lie.</summary>
/// <param name="Scores">A channel for each class.</param>
/// <param name="Boxes">Four channels, or four times as many as there are bins.</param>
/// <param name="Objectness">One channel that multiplies all scores, or null.</param>
internal readonly record struct DenseLevel(ChannelRange Scores, ChannelRange Boxes, ChannelRange? Objectness = null);
