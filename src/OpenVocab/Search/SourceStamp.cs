using System.Security.Cryptography;

namespace OpenVocab.Search;

/// <summary>By what one recognises the file behind a source: its length and time of change, and where those are not enough its beginning and end.</summary>
/// <param name="File">Length and time of change.</param>
/// <param name="Fingerprint">SHA-256 of the length, the first and the last megabyte: a whole video would take as long as it takes to read. Lower case.</param>
internal sealed record SourceStamp(FileStamp File, string Fingerprint)
{
    private const int BytesOfEnd = 1024 * 1024;

    /// <summary>Looks at a file.</summary>
    /// <exception cref="SourceException">It is missing, or cannot be read.</exception>
    internal static SourceStamp Of(string path)
    {
        try
        {
            FileInfo info = new(path);
            FileStamp stamp = new(info.Length, info.LastWriteTimeUtc.Ticks);
            return new(stamp, Read(path, stamp.Bytes));
        }
        catch (FileNotFoundException fault) { throw new SourceException(SourceFault.NotFound, $"{path}: there is no such file.", "Check the path.", fault); }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceFault.NotReadable, $"{path}: the file cannot be read: {fault.Message}", "Check its rights.", fault);
        }
    }

    /// <summary>Why a file is not the one that was indexed, or null where it is. An index may come from anywhere: what is not a file of that length is not even opened.</summary>
    internal string? WhyOther(string path)
    {
        if (path.StartsWith("//", StringComparison.Ordinal) || path.StartsWith(@"\\", StringComparison.Ordinal) || !Path.IsPathFullyQualified(path)) { return "its path leads to another machine"; }
        try
        {
            FileInfo info = new(path);
            if (!info.Exists) { return "it is not there any more"; }
            if (info.Length != File.Bytes || info.Length == 0 || (info.Attributes & FileAttributes.Device) != 0) { return "it has changed since"; }
            return info.LastWriteTimeUtc.Ticks == File.Modified || Read(path, info.Length) == Fingerprint ? null : "it has changed since";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException) { return $"it cannot be read: {fault.Message}"; }
    }

    private static string Read(string path, long bytes)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(bytes));
        byte[] part = new byte[BytesOfEnd];
        foreach (long start in (long[])[0, Math.Max(bytes - BytesOfEnd, 0)])
        {
            file.Seek(start, SeekOrigin.Begin);
            hash.AppendData(part, 0, file.ReadAtLeast(part, part.Length, throwOnEndOfStream: false));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
