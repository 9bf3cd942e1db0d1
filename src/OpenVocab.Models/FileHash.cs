using System.Security.Cryptography;

namespace OpenVocab.Models;

/// <summary>SHA-256 of whole files, as bundles record it.</summary>
internal static class FileHash
{
    /// <returns>64 hexadecimal digits, lower case.</returns>
    internal static string Of(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
