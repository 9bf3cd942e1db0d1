namespace OpenVocab.Imaging;

/// <summary>The size that a picture will have when it is decoded, read from its header: a JPEG is turned as its camera says.</summary>
/// <param name="Width">Pixels, 1 to <see cref="LargestSide"/>.</param>
/// <param name="Height">Pixels, 1 to <see cref="LargestSide"/>.</param>
internal readonly record struct UprightSize(int Width, int Height)
{
    internal const int LargestSide = 1_000_000;

    /// <summary>Holds the headers of nearly all pictures.</summary>
    private const int Beginning = 64 * 1024;

    /// <summary>Reads the header of a file; the pixels are not looked at.</summary>
    /// <param name="path">Of any file.</param>
    /// <param name="why">Why there is no size: a clause for a sentence.</param>
    /// <returns>Null where the file is missing, is no picture that is read here, or does not tell its size.</returns>
    internal static UprightSize? Read(string path, out string why)
    {
        try
        {
            if (!File.Exists(path))
            {
                why = "there is no such file";
                return null;
            }
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            byte[] bytes = new byte[Math.Min(file.Length, Beginning)];
            int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (file.Length > read && ImageHeader.Read(bytes.AsSpan(0, read)) is { Decodable: true, Width: 0 } && file.Length <= new ImageLimits().MaxBytes)
            {
                // A JPEG with a long profile in front, or a TIFF whose directory lies behind its pixels.
                Array.Resize(ref bytes, (int)file.Length);
                read += file.ReadAtLeast(bytes.AsSpan(read), bytes.Length - read, throwOnEndOfStream: false);
            }
            return FromBytes(bytes.AsSpan(0, read), out why);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            why = $"the file cannot be read ({fault.Message.TrimEnd('.')})";
            return null;
        }
    }

    private static UprightSize? FromBytes(ReadOnlySpan<byte> bytes, out string why)
    {
        why = "";
        if (bytes.IsEmpty) { why = "the file is empty (0 bytes)"; }
        else if (ImageHeader.Read(bytes) is not { } header) { why = "this is no picture"; }
        else if (!header.Decodable) { why = $"{header.Format} is not read here"; }
        else if (header.Width == 0 || header.Height == 0) { why = $"the header of this {header.Format} is cut off"; }
        else if (header.Width > LargestSide || header.Height > LargestSide) { why = $"its header says {header.Width} x {header.Height} pixels; at most {LargestSide} a side are possible"; }
        else
        {
            bool turned = header.Format == "JPEG" && ExifOrientation.Turns(ExifOrientation.Read(bytes));
            return turned ? new((int)header.Height, (int)header.Width) : new((int)header.Width, (int)header.Height);
        }
        return null;
    }
}
