using OpenCvSharp;

namespace OpenVocab.Sinks;

/// <summary>Encodes pictures and writes them whole or not at all.</summary>
internal static class PictureWriter
{
    internal static readonly IReadOnlyList<string> Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"];

    /// <summary>Writes a picture; the format is the extension's.</summary>
    /// <exception cref="SinkException">The extension is unknown, or the file cannot be written.</exception>
    internal static void Write(string path, Mat picture, int jpegQuality = 92)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (!Extensions.Contains(extension))
        {
            throw new SinkException($"{path}: the extension \"{extension}\" names no picture format.", $"Use one of {string.Join(", ", Extensions)}.");
        }
        ImageEncodingParam[] parameters = extension is ".jpg" or ".jpeg" ? [new(ImwriteFlags.JpegQuality, jpegQuality)] : [];
        Cv2.ImEncode(extension, picture, out byte[] encoded, parameters);
        AtomicFile.Write(path, encoded);
    }
}
