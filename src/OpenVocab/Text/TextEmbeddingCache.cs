using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OpenVocab.Text;

/// <summary>
/// Remembers embeddings of texts, in memory and on disk: one small file a text, below a folder named after the text encoder's hash. Files are
/// written beside and renamed, and checked when read, so several processes may share the folder, and a damaged file costs one embedding.
/// </summary>
/// <remarks>Safe for several threads. Where the folder cannot be written it works in memory alone.</remarks>
internal sealed class TextEmbeddingCache
{
    /// <summary>Bounds the memory of a process that is given ever new words: about 20 MB.</summary>
    private const int MostInMemory = 10_000;

    private const uint Magic = 0x31_45_56_4F; // "OVE1"
    private const int HeaderBytes = 8;
    private const int CheckBytes = 8;

    private readonly ConcurrentDictionary<string, float[]> _memory = new(StringComparer.Ordinal);
    private readonly string _folder;

    /// <summary>Opens the cache of one text encoder.</summary>
    /// <param name="encoderHash">SHA-256 of the encoder's file: another encoder has other embeddings.</param>
    /// <param name="root">Folder for all caches; null: <see cref="DefaultRoot"/>.</param>
    internal TextEmbeddingCache(string encoderHash, string? root = null) =>
        _folder = Path.Combine(root ?? DefaultRoot, "embeddings", encoderHash[..16]);

    /// <summary><c>$OPENVOCAB_CACHE</c>, else the user's cache folder.</summary>
    internal static string DefaultRoot
    {
        get
        {
            if (Environment.GetEnvironmentVariable("OPENVOCAB_CACHE") is { Length: > 0 } own) { return own; }
            if (OperatingSystem.IsWindows())
            {
                return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "openvocab");
            }
            string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            return Path.Combine(
                string.IsNullOrEmpty(cache) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache") : cache, "openvocab");
        }
    }

    /// <summary>The unit vector of a text, or null. Not to be changed.</summary>
    internal float[]? TryGet(string text)
    {
        if (_memory.TryGetValue(text, out float[]? embedding)) { return embedding; }
        embedding = ReadFile(text);
        if (embedding is not null) { Remember(text, embedding); }
        return embedding;
    }

    /// <summary>Keeps the unit vector of a text.</summary>
    internal void Add(string text, float[] embedding)
    {
        Remember(text, embedding);
        string path = PathOf(text), temporary = Invariant($"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.part");
        try
        {
            Directory.CreateDirectory(_folder);
            File.WriteAllBytes(temporary, Pack(text, embedding));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written is only slower: no home, a full disk, a read-only container must not stop anybody.
            if (File.Exists(temporary)) { File.Delete(temporary); }
        }
    }

    private void Remember(string text, float[] embedding)
    {
        if (_memory.Count >= MostInMemory) { _memory.Clear(); }
        _memory[text] = embedding;
    }

    private string PathOf(string text) => Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) + ".bin");

    private float[]? ReadFile(string text)
    {
        try
        {
            string path = PathOf(text);
            return File.Exists(path) ? Unpack(File.ReadAllBytes(path), text) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null; // as if it had never been stored: it is computed again
        }
    }

    // Magic, length of the text, text, numbers, the beginning of the SHA-256 of all before it.
    private static byte[] Pack(string text, float[] embedding)
    {
        byte[] words = Encoding.UTF8.GetBytes(text);
        byte[] packed = new byte[HeaderBytes + words.Length + embedding.Length * sizeof(float) + CheckBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(packed, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(4), words.Length);
        words.CopyTo(packed, HeaderBytes);
        MemoryMarshal.AsBytes(embedding.AsSpan()).CopyTo(packed.AsSpan(HeaderBytes + words.Length));
        SHA256.HashData(packed.AsSpan(0, packed.Length - CheckBytes)).AsSpan(0, CheckBytes).CopyTo(packed.AsSpan(packed.Length - CheckBytes));
        return packed;
    }

    private static float[]? Unpack(byte[] packed, string text)
    {
        byte[] words = Encoding.UTF8.GetBytes(text);
        int numbers = packed.Length - HeaderBytes - words.Length - CheckBytes;
        if (numbers <= 0 || numbers % sizeof(float) != 0) { return null; }
        ReadOnlySpan<byte> body = packed.AsSpan(0, packed.Length - CheckBytes);
        bool whole = SHA256.HashData(body).AsSpan(0, CheckBytes).SequenceEqual(packed.AsSpan(body.Length)) &&
            BinaryPrimitives.ReadUInt32LittleEndian(body) == Magic && body.Slice(HeaderBytes, words.Length).SequenceEqual(words);
        return whole ? MemoryMarshal.Cast<byte, float>(body[(HeaderBytes + words.Length)..]).ToArray() : null;
    }
}
