using System.Numerics.Tensors;

namespace OpenVocab.Models.Quantization;

/// <summary>What a value was over all calibration pictures: least and most in a first pass, how often it lay where in a second.</summary>
internal sealed class ActivationHistogram
{
    internal const int Bins = 2048;

    private readonly long[] _counts = new long[Bins];
    private double[] _sums = [];
    private long _places;

    internal float Least { get; private set; }

    internal float Most { get; private set; }

    internal ReadOnlySpan<long> Counts => _counts;

    /// <summary>Width of a bin.</summary>
    internal float Width => (Most - Least) / Bins;

    /// <summary>The number in the middle of a bin.</summary>
    internal float Centre(int bin) => Least + (bin + 0.5f) * Width;

    /// <summary>Of each channel the mean; empty for a value that is no map.</summary>
    internal double[] ChannelMeans => [.. _sums.Select(sum => sum / _places)];

    /// <summary>First pass.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="values">Of one picture.</param>
    /// <param name="shape"><c>[1, C, H, W]</c>, or of another length.</param>
    /// <exception cref="ModelException">Some are not finite.</exception>
    internal void Widen(string name, ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        if (values.IsEmpty) { return; }
        float least = TensorPrimitives.Min(values), most = TensorPrimitives.Max(values);
        if (!float.IsFinite(least) || !float.IsFinite(most)) { throw new ModelException($"{name}: the network gives numbers that are not finite.", "The model is damaged."); }
        (Least, Most) = (Math.Min(Least, least), Math.Max(Most, most));
        if (shape.Length == 4) { AddChannels(values, (int)shape[1]); }
    }

    /// <summary>Second pass.</summary>
    internal void Count(ReadOnlySpan<float> values)
    {
        float width = Width;
        if (width <= 0) { return; }
        float factor = 1 / width;
        foreach (float value in values) { _counts[Math.Clamp((int)((value - Least) * factor), 0, Bins - 1)]++; }
    }

    private void AddChannels(ReadOnlySpan<float> values, int channels)
    {
        int each = values.Length / channels;
        if (_sums.Length == 0) { _sums = new double[channels]; }
        for (int channel = 0; channel < channels; channel++) { _sums[channel] += TensorPrimitives.Sum(values.Slice(channel * each, each)); }
        _places += each;
    }
}
