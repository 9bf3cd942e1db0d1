using OpenCvSharp;

namespace OpenVocab.Imaging;

/// <summary>
/// Decodes pictures that may come from anywhere: sizes are read from the header and bounded before anything is decoded, and a file that is cut
/// off is an error, not a half grey picture. Safe for any number of threads.
/// </summary>
public static class ImageFile
{
    /// <summary>Reads and decodes a file.</summary>
    /// <param name="path">JPEG, PNG, WebP, BMP, TIFF or GIF (the first picture of it).</param>
    /// <param name="limits">Null: <see cref="ImageLimits"/>' defaults.</param>
    /// <returns>CV_8UC3 (blue, green, red), upright; alpha is dropped, 16 bits are scaled to 8. The caller disposes it.</returns>
    /// <exception cref="SourceException">The file is missing, empty, cut off, too large, or no picture.</exception>
    public static Mat Read(string path, ImageLimits? limits = null) => Decode(ReadBytes(path, limits), path, limits);

    /// <summary>Reads the bytes of a file, bounded.</summary>
    internal static byte[] ReadBytes(string path, ImageLimits? limits = null)
    {
        limits ??= new();
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
            {
                throw Directory.Exists(path)
                    ? new SourceException(SourceFault.NotFound, $"{path}: this is a folder, not a picture.", "Give a picture in it.")
                    : new SourceException(SourceFault.NotFound, $"{path}: there is no such file.", "Check the path.");
            }
            return file.Length <= limits.MaxBytes ? File.ReadAllBytes(path) : throw new SourceException(
                SourceFault.TooLarge, $"{path}: the file has {file.Length} bytes; at most {limits.MaxBytes} are read as a picture.", "Give a picture.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceFault.NotReadable, $"{path}: the file cannot be read: {fault.Message}", "Check its rights.", fault);
        }
    }

    /// <summary>Decodes a picture that is in memory.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="limits">Null: <see cref="ImageLimits"/>' defaults.</param>
    /// <returns>CV_8UC3 (blue, green, red), upright. The caller disposes it.</returns>
    /// <exception cref="SourceException">The bytes are empty, cut off, too large, or no picture.</exception>
    public static Mat Decode(ReadOnlySpan<byte> encoded, string name, ImageLimits? limits = null)
    {
        limits ??= new();
        if (encoded.IsEmpty) { throw new SourceException(SourceFault.Damaged, $"{name}: the file is empty (0 bytes).", "Fetch or save it again."); }
        if (ImageHeader.Read(encoded) is not { } header)
        {
            throw new SourceException(SourceFault.Unsupported, $"{name}: this is no picture.", "Give a JPEG, PNG, WebP, BMP, TIFF or GIF.");
        }
        if (!header.Decodable)
        {
            throw new SourceException(
                SourceFault.Unsupported, $"{name}: {header.Format} is not read here.", "Convert it to JPEG or PNG.");
        }
        CheckSize(header, name, limits);
        if (header.Format == "JPEG" && !ImageHeader.JpegHasEnd(encoded)) { throw Damaged(name, header, "it is cut off: its end is missing"); }
        Mat picture;
        try { picture = Cv2.ImDecode(encoded, ImreadModes.Color); }
        catch (OpenCVException fault) { throw Damaged(name, header, $"the decoder says: {fault.Message}", fault); }
        if (picture.Empty())
        {
            picture.Dispose();
            throw Damaged(name, header, "it is cut off or damaged");
        }
        return picture;
    }

    private static void CheckSize(ImageHeader header, string name, ImageLimits limits)
    {
        if (header.Width == 0 || header.Height == 0) { throw Damaged(name, header, "its header is cut off"); }
        // Whoever lifts the number of pixels means it: a longer side comes with it.
        long side = limits.MaxPixels > new ImageLimits().MaxPixels ? Math.Max(limits.MaxSide, limits.MaxPixels) : limits.MaxSide;
        if (header.Width * header.Height > limits.MaxPixels || Math.Max(header.Width, header.Height) > side)
        {
            throw new SourceException(
                SourceFault.TooLarge,
                $"{name}: the picture is {header.Width} x {header.Height} = {Invariant($"{header.Width * header.Height / 1e6:0.#}")} megapixels; at most " +
                $"{Invariant($"{limits.MaxPixels / 1e6:0.#}")} megapixels and {limits.MaxSide} a side are decoded.",
                $"Make it smaller, or allow it with --max-pixels {header.Width * header.Height} (in code: ImageLimits.MaxPixels).");
        }
    }

    private static SourceException Damaged(string name, ImageHeader header, string why, Exception? inner = null) =>
        new(SourceFault.Damaged, $"{name}: this {header.Format} cannot be decoded: {why}.", "Fetch or save it again.", inner);
}
