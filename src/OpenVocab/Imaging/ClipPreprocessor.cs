using System.Buffers;
using OpenCvSharp;

namespace OpenVocab.Imaging;

/// <summary>
/// A picture as CLIP wants it (Radford et al. 2021; openai/CLIP, <c>_transform</c>): the shorter side resized to the size, the middle cut out, RGB, normalized channel by channel. Safe for
/// any number of threads.
/// </summary>
internal sealed class ClipPreprocessor
{
    private static readonly float[] s_mean = [0.48145466f, 0.4578275f, 0.40821073f], s_deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    private readonly float[][] _levels;

    /// <summary>Makes one.</summary>
    /// <param name="size">Side of the network's input in pixels.</param>
    internal ClipPreprocessor(int size)
    {
        Side = size;
        // A channel has 256 values only.
        _levels = [.. Enumerable.Range(0, 3).Select(channel => Enumerable.Range(0, 256).Select(level => (level / 255f - s_mean[channel]) / s_deviation[channel]).ToArray())];
    }

    /// <summary>Side of the network's input in pixels.</summary>
    internal int Side { get; }

    /// <summary>Numbers of one picture: three planes, red first.</summary>
    internal int Length => 3 * Side * Side;

    /// <summary>Resizes, cuts and normalizes. Leaves no garbage.</summary>
    /// <param name="picture">BGR, 8 bits, upright. Not kept, not changed.</param>
    /// <param name="into"><see cref="Length"/> numbers.</param>
    internal void Write(Mat picture, Span<float> into)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(Length);
        try
        {
            Span<byte> cut = rented.AsSpan(0, Length);
            Cut(picture, cut);
            int plane = Side * Side;
            for (int channel = 0; channel < 3; channel++)
            {
                float[] levels = _levels[channel];
                Span<float> target = into.Slice(channel * plane, plane);
                for (int i = 0; i < plane; i++) { target[i] = levels[cut[i * 3 + 2 - channel]]; }
            }
        }
        finally { ArrayPool<byte>.Shared.Return(rented); }
    }

    /// <summary>The middle of the resized picture.</summary>
    /// <param name="picture">BGR, 8 bits, upright.</param>
    /// <param name="into">BGR, row after row: <see cref="Length"/> bytes.</param>
    internal void Cut(Mat picture, Span<byte> into)
    {
        (int width, int height) = (picture.Width, picture.Height);
        (int newWidth, int newHeight) = width <= height ? (Side, Longer(height, width)) : (Longer(width, height), Side);
        // Halves to even, as Python rounds.
        int left = (int)Math.Round((newWidth - Side) / 2.0, MidpointRounding.ToEven), top = (int)Math.Round((newHeight - Side) / 2.0, MidpointRounding.ToEven);
        Rect middle = new(left, top, Side, Side);
        if (picture.IsContinuous())
        {
            Resize(picture, middle, newWidth, newHeight, into);
            return;
        }
        using Mat gapless = picture.Clone();
        Resize(gapless, middle, newWidth, newHeight, into);
    }

    private int Longer(int side, int shorter) => (int)((long)Side * side / shorter);

    private static unsafe void Resize(Mat picture, Rect cut, int newWidth, int newHeight, Span<byte> into)
    {
        Size size = picture.Size();
        AntialiasedBicubic.Resize(new ReadOnlySpan<byte>((void*)picture.Data, size.Width * size.Height * 3), size, new(newWidth, newHeight), cut, into);
    }
}
