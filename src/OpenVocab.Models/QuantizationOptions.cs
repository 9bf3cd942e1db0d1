using System.Text.RegularExpressions;
using OpenVocab.Models.Quantization;
using OpenVocab.Prompts;

namespace OpenVocab.Models;

/// <summary>How a detector is quantized. Immutable; change it by <c>with</c>.</summary>
public sealed record QuantizationOptions
{
    /// <summary>At most so many pictures are looked at, 4 to 2,000, taken evenly from all that are given. Default 128.</summary>
    public int Pictures { get; init; } = 128;

    /// <summary>How ranges are found. Default: by whichever rule moves the outputs least.</summary>
    public CalibrationRule Rule { get; init; } = CalibrationRule.Auto;

    /// <summary>Bits of the weights: 8, or 7 for x86 processors without VNNI, which compute 8 bits wrongly. Default 8.</summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>What the detector looks for while it is watched; null: the bundle's own vocabulary. A neck that looks at the words has other values for others.</summary>
    public PromptSet? Classes { get; init; }

    /// <summary>Regular expression: convolutions whose names it fits stay float. A head of depthwise convolutions loses accuracy in 8 bits and gains no time. Null: only those that always do.</summary>
    public string? KeepFloat { get; init; }

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    internal Regex? KeepFloatPattern()
    {
        // Without backtracking: a name takes no longer than it has letters.
        try { return KeepFloat is null ? null : new(KeepFloat, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant); }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException) { throw new ArgumentException($"KeepFloat is \"{KeepFloat}\": {fault.Message}", fault); }
    }

    internal QuantizationOptions Validated() =>
        Pictures is < 4 or > 2_000 ? throw new ArgumentException($"Pictures is {Pictures}; it must lie between 4 and 2000.")
        : WeightBits is not (7 or 8) ? throw new ArgumentException($"WeightBits is {WeightBits}; it must be 7 or 8.")
        : this;
}
