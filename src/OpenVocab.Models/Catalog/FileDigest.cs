using System.Security.Cryptography;

namespace OpenVocab.Models.Catalog;

/// <summary>SHA-256 of large files, with progress.</summary>
internal static class FileDigest
{
    private const int BlockBytes = 1024 * 1024;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hashed">Is told how many bytes are done.</param>
    /// <param name="cancellation">Ends it between two blocks.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    internal static async Task<string> Sha256Async(string path, Action<long> hashed, CancellationToken cancellation)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = new byte[BlockBytes];
        long done = 0;
        while (await file.ReadAsync(block, cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            hash.AppendData(block, 0, read);
            hashed(done += read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
