using System.Globalization;
using System.Text;

namespace OpenVocab.Cli.Checking;

/// <summary>What a file is by its first bytes: names say little, and downloads end as web pages.</summary>
internal static class FileMagic
{
    private const int Most = 16, Shown = 8;

    private static readonly (byte[] Bytes, string Kind)[] s_known =
    [
        ([0x80, 0x02], "a pickle, as old checkpoints of PyTorch are"),
        ("GGUF"u8.ToArray(), "a GGUF file"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "an HDF5 file, as Keras has them"),
        ("version https://"u8.ToArray(), "a pointer of Git LFS: the file itself was not fetched"),
        ("<"u8.ToArray(), "a page or XML, as a failed download leaves it"),
        ([0x1F, 0x8B], "gzip"),
    ];

    /// <summary>Null for what may be ONNX; otherwise what it is instead.</summary>
    /// <exception cref="ModelException">The file cannot be read.</exception>
    internal static Problem? Refuse(string path)
    {
        byte[] start = Read(path);
        if (start.Length == 0) { return new($"{path}: the file is empty (0 bytes).", "Fetch it again."); }
        // An ONNX file begins with its format version: field 1, a small number.
        if (start.Length > 1 && start[0] == 0x08 && start[1] is > 0 and < 64) { return null; }
        string bytes = string.Join(' ', start.Take(Shown).Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
        string kind = s_known.FirstOrDefault(known => start.AsSpan().StartsWith(known.Bytes)).Kind
            ?? (start.Length > 8 && start[8] == '{' ? "a safetensors file" : start.Length > 7 && Encoding.ASCII.GetString(start, 4, 4) == "TFL3" ? "a TensorFlow Lite file" : "of no kind that is known here");
        return new($"{path}: this is no ONNX file: it begins with {bytes} ({kind}).", "Give an ONNX file or the folder of a bundle; a checkpoint becomes one by openvocab models import.");
    }

    private static byte[] Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] start = new byte[Most];
            return start[..stream.ReadAtLeast(start, Most, throwOnEndOfStream: false)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: the file cannot be read: {fault.Message}", "Check the path and its rights.", fault);
        }
    }
}
