using OpenVocab.Imaging;

namespace OpenVocab.Bundles;

/// <summary>How a bundle's detector wants to be fed, and the thresholds that suit it. <see cref="DetectorOptions"/> override them.</summary>
public sealed record DetectorSettings
{
    /// <summary>What YOLO's networks are fed with where nobody says otherwise.</summary>
    internal static DetectorSettings Usual { get; } = new()
    {
        ImageSize = new(640),
        SmallestSide = 32,
        LargestSide = 4096,
        MultipleOf = 32,
        MinimalRectangle = true,
        ScoreThreshold = 0.25f,
        IouThreshold = 0.7,
    };

    /// <summary>Input size that serves best.</summary>
    public required InputSize ImageSize { get; init; }

    /// <summary>The smallest side that the network takes, in pixels.</summary>
    public required int SmallestSide { get; init; }

    /// <summary>The largest side that the network takes, in pixels.</summary>
    public required int LargestSide { get; init; }

    /// <summary>Sides must be multiples of this.</summary>
    public required int MultipleOf { get; init; }

    /// <summary>True: border only up to the next multiple of <see cref="MultipleOf"/>.</summary>
    public required bool MinimalRectangle { get; init; }

    /// <summary>A score must be greater than this, 0 to 1.</summary>
    public required float ScoreThreshold { get; init; }

    /// <summary>Overlap (intersection over union) above which the weaker box goes, 0 to 1.</summary>
    public required double IouThreshold { get; init; }
}
