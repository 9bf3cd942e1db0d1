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

    /// <summary>Resizes, cuts and normalizes.</summary>
    /// <param name="picture">BGR, 8 bits, upright. Not kept, not changed.</param>
    /// <param name="into"><see cref="Length"/> numbers.</param>
    internal void Write(Mat picture, Span<float> into)
    {
        byte[] cut = Cut(picture);
        int plane = Side * Side;
        for (int channel = 0; channel < 3; channel++)
        {
            float[] levels = _levels[channel];
            Span<float> target = into.Slice(channel * plane, plane);
            for (int i = 0; i < plane; i++) { target[i] = levels[cut[i * 3 + 2 - channel]]; }
        }
    }

    /// <summary>The middle of the resized picture: BGR, row after row.</summary>
    internal byte[] Cut(Mat picture)
    {
        (int width, int height) = (picture.Width, picture.Height);
        (int newWidth, int newHeight) = width <= height ? (Side, (int)((long)Side * height / width)) : ((int)((long)Side * width / height), Side);
        // Halves to even, as Python rounds.
        int left = (int)Math.Round((newWidth - Side) / 2.0, MidpointRounding.ToEven), top = (int)Math.Round((newHeight - Side) / 2.0, MidpointRounding.ToEven);
        Rect middle = new(left, top, Side, Side);
        if (picture.IsContinuous()) { return Resize(picture, middle, newWidth, newHeight); }
        using Mat gapless = picture.Clone();
        return Resize(gapless, middle, newWidth, newHeight);
    }

    private static unsafe byte[] Resize(Mat picture, Rect cut, int newWidth, int newHeight)
    {
        Size size = picture.Size();
        return AntialiasedBicubic.Resize(new ReadOnlySpan<byte>((void*)picture.Data, size.Width * size.Height * 3), size, new(newWidth, newHeight), cut);
    }
}
