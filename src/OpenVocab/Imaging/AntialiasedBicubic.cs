using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OpenCvSharp;

namespace OpenVocab.Imaging;

/// <summary>
/// Resizes pictures exactly as the Python Imaging Library does (Pillow, <c>Resample.c</c>, BICUBIC): CLIP was trained on such pictures, and OpenCV's bicubic has another kernel and no
/// antialiasing (up to 98 grey levels apart). First along rows, then along columns of the rounded result; weights in fixed point.
/// </summary>
internal static class AntialiasedBicubic
{
    private const int Channels = 3, Half = 1 << (ResamplingWindows.PrecisionBits - 1);

    /// <summary>Resizes, and cuts a rectangle out of the result; what lies outside of it is never computed. Leaves no garbage.</summary>
    /// <param name="source">BGR or another three channels, row after row.</param>
    /// <param name="size">Of the source.</param>
    /// <param name="resized">What the whole picture would become.</param>
    /// <param name="cut">Inside of that.</param>
    /// <param name="into">Gets the pixels of <paramref name="cut"/>, row after row.</param>
    internal static void Resize(ReadOnlySpan<byte> source, Size size, Size resized, Rect cut, Span<byte> into)
    {
        using ResamplingWindows columns = new(size.Width, resized.Width, cut.X, cut.Width), rows = new(size.Height, resized.Height, cut.Y, cut.Height);
        // Of a tall picture only the rows that the cut is made of.
        int row = cut.Width * Channels, count = rows.End - rows.Begin;
        byte[] narrow = ArrayPool<byte>.Shared.Rent(count * row);
        int[] sums = ArrayPool<int>.Shared.Rent(row);
        try
        {
            int stride = size.Width * Channels;
            for (int y = 0; y < count; y++) { AlongRow(source[((rows.Begin + y) * stride)..], columns, narrow.AsSpan(y * row, row)); }
            for (int y = 0; y < cut.Height; y++) { AlongColumns(narrow.AsSpan(0, count * row), rows.FirstOf(y) - rows.Begin, rows.WeightsOf(y), sums.AsSpan(0, row), into.Slice(y * row, row)); }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(narrow);
            ArrayPool<int>.Shared.Return(sums);
        }
    }

    /// <summary>One row, from its begin to at least its end.</summary>
    private static void AlongRow(ReadOnlySpan<byte> from, in ResamplingWindows windows, Span<byte> into)
    {
        for (int i = 0, at = 0; at < into.Length; i++, at += Channels)
        {
            ReadOnlySpan<int> weights = windows.WeightsOf(i);
            int first = windows.FirstOf(i) * Channels;
            // Four bytes are read for three: only at the very end of the picture there is no fourth.
            bool whole = Vector128.IsHardwareAccelerated && first + weights.Length * Channels < from.Length;
            if (whole) { Mix(from[first..], weights, into.Slice(at, Channels)); }
            else { MixScalar(from[first..], weights, into.Slice(at, Channels)); }
        }
    }

    /// <summary>The weighted sum of some pixels; the three channels in one vector.</summary>
    /// <param name="from">A byte longer than the pixels are.</param>
    /// <param name="weights">One for each pixel.</param>
    /// <param name="into">Three bytes.</param>
    internal static void Mix(ReadOnlySpan<byte> from, ReadOnlySpan<int> weights, Span<byte> into)
    {
        Vector128<int> sum = Vector128.Create(Half);
        for (int j = 0; j < weights.Length; j++)
        {
            Vector128<byte> pixel = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(in from.Slice(j * Channels, 4)[0])).AsByte();
            sum += Vector128.WidenLower(Vector128.WidenLower(pixel)).AsInt32() * Vector128.Create(weights[j]);
        }
        for (int channel = 0; channel < Channels; channel++) { into[channel] = Clip(sum[channel]); }
    }

    /// <summary>The same without vectors: the reference of the tests, and for the last pixel of a picture.</summary>
    internal static void MixScalar(ReadOnlySpan<byte> from, ReadOnlySpan<int> weights, Span<byte> into)
    {
        for (int channel = 0; channel < Channels; channel++)
        {
            int sum = Half;
            for (int j = 0; j < weights.Length; j++) { sum += from[j * Channels + channel] * weights[j]; }
            into[channel] = Clip(sum);
        }
    }

    private static void AlongColumns(ReadOnlySpan<byte> narrow, int first, ReadOnlySpan<int> weights, Span<int> sums, Span<byte> into)
    {
        sums.Fill(Half);
        for (int i = 0; i < weights.Length; i++)
        {
            int weight = weights[i];
            ReadOnlySpan<byte> from = narrow.Slice((first + i) * sums.Length, sums.Length);
            Add(from, weight, sums);
        }
        for (int x = 0; x < sums.Length; x++) { into[x] = Clip(sums[x]); }
    }

    /// <summary>Adds a weighted row.</summary>
    /// <param name="from">As long as <paramref name="sums"/>.</param>
    /// <param name="weight">In fixed point.</param>
    /// <param name="sums">Are added to.</param>
    internal static void Add(ReadOnlySpan<byte> from, int weight, Span<int> sums)
    {
        int x = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; x <= sums.Length - 16; x += 16)
            {
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(from.Slice(x, 16)));
                Span<int> at = sums.Slice(x, 16);
                (Vector256.Create<int>(at) + Widen(low) * weight).CopyTo(at);
                (Vector256.Create<int>(at[8..]) + Widen(high) * weight).CopyTo(at[8..]);
            }
        }
        for (; x < sums.Length; x++) { sums[x] += from[x] * weight; }
    }

    private static Vector256<int> Widen(Vector128<ushort> levels) => Vector256.Create(Vector128.WidenLower(levels), Vector128.WidenUpper(levels)).AsInt32();

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> ResamplingWindows.PrecisionBits, 0, 255);
}
