namespace OpenVocab.Models.Catalog;

/// <summary>What a model of the catalogue is for.</summary>
public enum ModelKind
{
    /// <summary>Finds boxes in pictures; needs a text encoder for its words.</summary>
    Detector,

    /// <summary>Puts texts and pictures into one space: CLIP.</summary>
    TextImage,
}
