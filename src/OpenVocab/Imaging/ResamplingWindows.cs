using System.Buffers;

namespace OpenVocab.Imaging;

/// <summary>Of each pixel of a resized line: which pixels of the line it is mixed from, and with which weights (Pillow, <c>precompute_coeffs</c>). Rented memory: to be disposed once.</summary>
internal readonly ref struct ResamplingWindows
{
    /// <summary>Bits behind the point of a weight: 8 bits for the pixel and 2 for overshoot and sign stay of 32.</summary>
    internal const int PrecisionBits = 32 - 8 - 2;

    private const double Support = 2, Sharpness = -0.5;

    private readonly int[] _firsts, _lengths, _weights;
    private readonly int _stride;

    /// <summary>Computes the windows of a part of the resized line.</summary>
    /// <param name="length">Of the line, in pixels.</param>
    /// <param name="newLength">Of the resized line.</param>
    /// <param name="begin">First pixel of the part.</param>
    /// <param name="count">Its length.</param>
    internal ResamplingWindows(int length, int newLength, int begin, int count)
    {
        // Pillow leaves a pass out where the length stays.
        double scale = (double)length / newLength, stretch = Math.Max(scale, 1), reach = length == newLength ? 0 : Support * stretch;
        _stride = Math.Min(length, (int)(2 * reach) + 2);
        (_firsts, _lengths, _weights) = (ArrayPool<int>.Shared.Rent(count), ArrayPool<int>.Shared.Rent(count), ArrayPool<int>.Shared.Rent(count * _stride));
        double[] weights = ArrayPool<double>.Shared.Rent(_stride);
        (Begin, End) = (length, 0);
        for (int i = 0; i < count; i++)
        {
            if (reach == 0) { (_firsts[i], _lengths[i], _weights[i * _stride]) = (begin + i, 1, 1 << PrecisionBits); }
            else { Fill(i, (begin + i + 0.5) * scale, reach, stretch, length, weights); }
            (Begin, End) = (Math.Min(Begin, _firsts[i]), Math.Max(End, _firsts[i] + _lengths[i]));
        }
        ArrayPool<double>.Shared.Return(weights);
    }

    /// <summary>The first pixel that any window reads.</summary>
    internal int Begin { get; }

    /// <summary>The pixel after the last one that any window reads.</summary>
    internal int End { get; }

    /// <summary>The first pixel of a window.</summary>
    internal int FirstOf(int i) => _firsts[i];

    /// <summary>The weights of its pixels, in fixed point.</summary>
    internal ReadOnlySpan<int> WeightsOf(int i) => _weights.AsSpan(i * _stride, _lengths[i]);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_firsts);
        ArrayPool<int>.Shared.Return(_lengths);
        ArrayPool<int>.Shared.Return(_weights);
    }

    private void Fill(int i, double centre, double reach, double stretch, int length, double[] weights)
    {
        int first = Math.Max(0, (int)(centre - reach + 0.5)), count = Math.Min(length, (int)(centre + reach + 0.5)) - first;
        double sum = 0;
        for (int j = 0; j < count; j++)
        {
            weights[j] = Kernel((j + first - centre + 0.5) / stretch);
            sum += weights[j];
        }
        for (int j = 0; j < count; j++) { _weights[i * _stride + j] = ToFixed(weights[j] / sum); }
        (_firsts[i], _lengths[i]) = (first, count);
    }

    private static double Kernel(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? ((Sharpness + 2) * x - (Sharpness + 3)) * x * x + 1 : x < Support ? (((x - 5) * x + 8) * x - 4) * Sharpness : 0;
    }

    private static int ToFixed(double weight) => (int)(weight * (1 << PrecisionBits) + (weight < 0 ? -0.5 : 0.5));
}
