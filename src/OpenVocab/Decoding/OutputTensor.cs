namespace OpenVocab.Decoding;

/// <summary>One output of the last run as float32, whatever the network gives: all pictures of the batch, one after another.</summary>
internal sealed class OutputTensor
{
    /// <summary>At least <see cref="Count"/> numbers; what lies behind them is old.</summary>
    internal float[] Values { get; set; } = [];

    /// <summary>All dimensions, that of the batch included.</summary>
    internal long[] Shape { get; set; } = [];

    /// <summary>How many of <see cref="Values"/> are in use.</summary>
    internal int Count { get; set; }

    internal int Rank => Shape.Length;

    /// <summary>Length of a dimension.</summary>
    internal int Side(int dimension) => (int)Shape[dimension];

    /// <summary>One picture's part, in place.</summary>
    internal ReadOnlySpan<float> Of(int picture)
    {
        int each = Count / Side(0);
        return Values.AsSpan(picture * each, each);
    }
}
