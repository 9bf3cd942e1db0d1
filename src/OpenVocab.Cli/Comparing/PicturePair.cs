namespace OpenVocab.Cli.Comparing;

/// <summary>A picture and a text that are to be compared.</summary>
/// <param name="Picture">Its path as the file of pairs writes it.</param>
/// <param name="Text">Any text.</param>
internal sealed record PicturePair(string Picture, string Text);
