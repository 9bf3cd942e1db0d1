namespace OpenVocab.Decoding;

/// <summary>Reads one layout of a network's outputs. Chosen once, when the model is opened.</summary>
internal interface IOutputDecoder
{
    /// <summary>False where the network has already chosen among overlapping boxes.</summary>
    bool NeedsSuppression { get; }

    /// <summary>How many scores each box has, or -1 where a box names its one class.</summary>
    int CountClasses(NetworkOutputs outputs);

    /// <summary>Collects the boxes above their thresholds, in pixels of the network's input: in the order of the anchors, or best score first where the network chose.</summary>
    /// <param name="outputs">Of the whole batch.</param>
    /// <param name="picture">Which picture of it.</param>
    /// <param name="settings">Thresholds, and what each score means.</param>
    /// <param name="into">Cleared and filled.</param>
    void Decode(NetworkOutputs outputs, int picture, DecodeSettings settings, Candidates into);
}
