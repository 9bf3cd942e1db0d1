namespace OpenVocab.Bundles;

/// <summary>How a bundle's image encoder is fed, and what its similarities are worth.</summary>
public sealed record ImageSettings
{
    /// <summary>Side of its input in pixels (<c>image.size</c>); null where the bundle does not say, and the network does.</summary>
    public int? Size { get; init; }

    /// <summary>What a cosine of image and text is multiplied by (<c>logitScale</c>), about 100 for CLIP; null where the bundle does not say.</summary>
    public float? LogitScale { get; init; }

    /// <summary>What is added to that, for models that were trained label by label (<c>logitBias</c>, as SigLIP's); null for CLIP, which has none.</summary>
    public float? LogitBias { get; init; }
}
