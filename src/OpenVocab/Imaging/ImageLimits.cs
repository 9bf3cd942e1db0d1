namespace OpenVocab.Imaging;

/// <summary>How large a picture may be before it is decoded: a file of 100 KB can unpack to gigabytes.</summary>
public sealed record ImageLimits
{
    /// <summary>The most pixels, 1 to 1,000,000,000. Default 50,000,000. On the command line: <c>--max-pixels</c>.</summary>
    public long MaxPixels { get; init; } = 50_000_000;

    /// <summary>The longest side in pixels, 1 to 1,000,000. Default 16,384; rises with <see cref="MaxPixels"/> above its default.</summary>
    public int MaxSide { get; init; } = 16_384;

    /// <summary>The most bytes of an encoded picture. Default 512 MB.</summary>
    public long MaxBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>For bytes that passed their limits before.</summary>
    internal static ImageLimits None { get; } = new() { MaxPixels = long.MaxValue, MaxSide = int.MaxValue, MaxBytes = long.MaxValue };
}
