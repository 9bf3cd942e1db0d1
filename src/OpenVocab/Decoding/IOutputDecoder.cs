namespace OpenVocab.Decoding;

/// <summary>Reads one layout of a network's output. Chosen once, when the model is opened.</summary>
internal interface IOutputDecoder
{
    /// <summary>False where the network has already chosen among overlapping boxes.</summary>
    bool NeedsSuppression { get; }

    /// <summary>Collects the boxes above their thresholds, in the order of the anchors.</summary>
    /// <param name="output">One picture's part of the output.</param>
    /// <param name="rows">Second dimension of the output.</param>
    /// <param name="columns">Third dimension of the output.</param>
    /// <param name="settings">Thresholds, and what each row means.</param>
    /// <param name="into">Cleared and filled.</param>
    void Decode(ReadOnlySpan<float> output, int rows, int columns, DecodeSettings settings, Candidates into);
}
