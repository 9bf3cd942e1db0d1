namespace OpenVocab.Bundles;

/// <summary>How the 8-bit form of a bundle's detector was made.</summary>
public sealed record QuantizationSettings
{
    /// <summary>7 or 8. x86 processors without VNNI compute 8 bits wrongly.</summary>
    public required int WeightBits { get; init; }
}
