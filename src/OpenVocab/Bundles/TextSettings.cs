namespace OpenVocab.Bundles;

/// <summary>How a bundle's text encoder wants to be fed.</summary>
public sealed record TextSettings
{
    /// <summary>Sentences around a phrase, each with one <c>{}</c>.</summary>
    public required IReadOnlyList<string> Templates { get; init; }

    /// <summary>Length of an embedding.</summary>
    public required int Dimensions { get; init; }

    /// <summary>The most positions of the text encoder, start and end included.</summary>
    public required int Positions { get; init; }

    /// <summary>Which embeddings can be compared with these, <c>CLIP ViT-B/32</c> for instance; null where nobody knows.</summary>
    public string? EmbeddingSpace { get; init; }

    /// <summary>SHA-256 of the weights that the text encoder was made from; null where the bundle does not say.</summary>
    public string? EncoderSource { get; init; }

    /// <summary>Whether a blank (<c>" "</c>) competes beside the classes, which YOLO-World often needs and the embedded model does not.</summary>
    public required bool PaddingPrompt { get; init; }
}
