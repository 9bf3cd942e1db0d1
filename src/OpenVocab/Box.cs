namespace OpenVocab;

/// <summary>A rectangle in pixels of the source picture; (0, 0) is the upper left corner of its upper left pixel.</summary>
/// <param name="X1">Left edge.</param>
/// <param name="Y1">Upper edge.</param>
/// <param name="X2">Right edge, not smaller than <paramref name="X1"/> in every result of a detector.</param>
/// <param name="Y2">Lower edge, not smaller than <paramref name="Y1"/> in every result of a detector.</param>
public readonly record struct Box(float X1, float Y1, float X2, float Y2)
{
    /// <summary>Width in pixels.</summary>
    public float Width => X2 - X1;

    /// <summary>Height in pixels.</summary>
    public float Height => Y2 - Y1;

    /// <summary>Intersection over union, 0 to 1.</summary>
    internal float Overlap(Box other)
    {
        float shared = Math.Max(Math.Min(X2, other.X2) - Math.Max(X1, other.X1), 0) * Math.Max(Math.Min(Y2, other.Y2) - Math.Max(Y1, other.Y1), 0);
        float all = Width * Height + other.Width * other.Height - shared;
        return all > 0 ? shared / all : 0;
    }

    /// <inheritdoc/>
    public override string ToString() => Invariant($"({X1:0.#}, {Y1:0.#})-({X2:0.#}, {Y2:0.#})");
}
