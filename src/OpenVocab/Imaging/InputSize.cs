namespace OpenVocab.Imaging;

/// <summary>Size of a network's input in pixels.</summary>
/// <param name="Height">Raised to a multiple of the network's stride.</param>
/// <param name="Width">Raised to a multiple of the network's stride.</param>
public readonly record struct InputSize(int Height, int Width)
{
    /// <summary>A square.</summary>
    /// <param name="side">Height and width.</param>
    public InputSize(int side) : this(side, side) { }

    /// <inheritdoc/>
    public override string ToString() => Invariant($"{Height}x{Width}");
}
