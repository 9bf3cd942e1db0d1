using System.Text.Json;

namespace OpenVocab.Evaluation;

/// <summary>The bytes of a JSON file, walked through once, with words for what is wrong and where.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class CocoJson
{
    private const long LargestFile = 2_000_000_000;

    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly bool _hasLines;
    private int _line = 1, _counted;

    private CocoJson(string path, byte[] bytes)
    {
        (_path, _bytes) = (path, bytes);
        PythonNumbers.Quote(bytes);
        _hasLines = bytes.AsSpan().TrimEnd("\r\n "u8).Contains((byte)'\n');
    }

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan().StartsWith("\xEF\xBB\xBF"u8) ? _bytes.AsSpan(3) : _bytes;

    /// <exception cref="SourceException">The file is missing, too large, or may not be read.</exception>
    internal static CocoJson Open(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists) { throw new SourceException(SourceFault.NotFound, $"{path}: there is no such file.", "Check the path."); }
            return file.Length <= LargestFile ? new(path, File.ReadAllBytes(path)) : throw new SourceException(
                SourceFault.TooLarge, $"{path}: the file has {file.Length} bytes; at most {LargestFile} are read.", "Split it by pictures, or leave the segmentations out.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceFault.NotReadable, $"{path}: the file cannot be read: {fault.Message}", "Check its rights.", fault);
        }
    }

    /// <summary>Where an entry stands: what it is, and its line where the file has several.</summary>
    /// <param name="entry">Such as "annotation 17".</param>
    /// <param name="at">Offset in <see cref="Bytes"/>; not smaller than in the call before.</param>
    internal string PlaceOf(string entry, long at)
    {
        if (!_hasLines) { return entry; }
        ReadOnlySpan<byte> bytes = Bytes;
        _line += bytes[_counted..(int)at].Count((byte)'\n');
        _counted = (int)at;
        return Invariant($"line {_line}, {entry}");
    }

    /// <summary>What reading may throw: broken JSON, and texts that are no Unicode.</summary>
    internal static bool IsBroken(Exception fault) => fault is JsonException or InvalidOperationException;

    /// <summary>The error for JSON that ends or breaks in its middle.</summary>
    internal SourceException Broken(Exception broken)
    {
        if (broken is not JsonException fault) { return new(SourceFault.Damaged, $"{_path}: it holds text that is no Unicode.", "Write the file again, as UTF-8.", broken); }
        string place = Invariant($"line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}");
        return new(SourceFault.Damaged, $"{_path}, {place}: this is no JSON: {Short(fault.Message)}", "Write the file again; it may be cut off.", fault);
    }

    /// <summary>The error for JSON of another form.</summary>
    internal SourceException Other(string what, string remedy) => new(SourceFault.Unsupported, $"{_path}: {what}.", remedy);

    // The library's own place would stand there twice.
    private static string Short(string message) => message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];
}
