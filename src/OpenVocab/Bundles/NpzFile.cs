using System.IO.Compression;

namespace OpenVocab.Bundles;

/// <summary>Several arrays in one file, as <c>numpy.savez</c> writes them: a zip of <c>.npy</c> entries, stored or deflated.</summary>
internal sealed class NpzFile
{
    private const long LargestEntry = int.MaxValue / 2;

    /// <summary>Deflate cannot do better than 1,032 to 1: an entry that claims more is a lie, and is refused before memory is taken for it.</summary>
    private const long LargestRatio = 1032;

    private readonly string _path;
    private readonly Dictionary<string, NpyFile> _arrays;

    private NpzFile(string path, Dictionary<string, NpyFile> arrays) => (_path, _arrays) = (path, arrays);

    /// <summary>An array by its name.</summary>
    /// <exception cref="ModelException">The file has none of that name.</exception>
    internal NpyFile this[string name] => _arrays.TryGetValue(name, out NpyFile? array) ? array : throw new ModelException(
        $"{_path}: there is no array {name}; the file has {string.Join(", ", _arrays.Keys)}.", "Save the array under that name.");

    /// <summary>Names of all arrays.</summary>
    internal IEnumerable<string> Names => _arrays.Keys;

    internal bool Contains(string name) => _arrays.ContainsKey(name);

    /// <summary>Reads all arrays of a file.</summary>
    /// <exception cref="ModelException">The file is missing, no zip, or holds something that is no array.</exception>
    internal static NpzFile Read(string path)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            Dictionary<string, NpyFile> arrays = new(StringComparer.Ordinal);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                arrays[Path.GetFileNameWithoutExtension(entry.Name)] = NpyFile.Parse(Inflate(entry, path), $"{path} ({entry.Name})");
            }
            return new NpzFile(path, arrays);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: the arrays cannot be read: {fault.Message}", "Save them with numpy.savez, or fetch the file again.", fault);
        }
    }

    /// <summary>Writes float32 arrays as <c>numpy.savez</c> would.</summary>
    /// <param name="file">Stays open.</param>
    /// <param name="arrays">Each with its sides.</param>
    internal static void Write(Stream file, IEnumerable<(string Name, float[] Values, long[] Shape)> arrays)
    {
        using ZipArchive archive = new(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string name, float[] values, long[] shape) in arrays)
        {
            using Stream entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression).Open();
            NpyFile.Write(entry, values, shape);
        }
    }

    private static byte[] Inflate(ZipArchiveEntry entry, string path)
    {
        if (entry.Length > LargestEntry || entry.Length > (entry.CompressedLength + 1) * LargestRatio)
        {
            throw new ModelException($"{path}: {entry.Name} claims {entry.Length} bytes; at most {LargestEntry}, and {LargestRatio} times its {entry.CompressedLength} packed bytes, are read.", "Use smaller arrays.");
        }
        byte[] bytes = new byte[entry.Length];
        using Stream stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
