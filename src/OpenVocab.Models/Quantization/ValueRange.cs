namespace OpenVocab.Models.Quantization;

/// <summary>The numbers that 0 to 255 stand for. Zero is among them, exactly: padding and cut activations are zeros.</summary>
/// <param name="Least">At most 0.</param>
/// <param name="Most">At least 0.</param>
internal readonly record struct ValueRange(float Least, float Most)
{
    private const int Levels = 255;

    /// <summary>Distance between two levels.</summary>
    internal float Scale => Math.Max(Most - Least, float.Epsilon * Levels * 1024) / Levels;

    /// <summary>The level of 0.</summary>
    internal byte ZeroPoint => (byte)Math.Clamp(MathF.Round(-Least / Scale), 0, Levels);

    /// <summary>A range that has 0 in it.</summary>
    internal static ValueRange Of(float least, float most) => new(Math.Min(least, 0), Math.Max(most, 0));

    /// <summary>What is left of a number after it was rounded to a level.</summary>
    internal float Round(float value) => (Math.Clamp(MathF.Round(value / Scale) + ZeroPoint, 0, Levels) - ZeroPoint) * Scale;
}
