namespace OpenVocab.Inference;

/// <summary>Where the names of a network's own classes come from.</summary>
internal enum ClassNameOrigin
{
    /// <summary>The network has none: it takes words.</summary>
    None,

    /// <summary>The file's metadata.</summary>
    Metadata,

    /// <summary>The file names none; the number of scores tells how many there are.</summary>
    Numbers,

    /// <summary>The file does not even tell how many there are: taken to be the 80 of COCO, which most such files have.</summary>
    Assumed,
}
