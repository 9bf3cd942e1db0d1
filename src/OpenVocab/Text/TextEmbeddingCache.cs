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
    private const float NormTolerance = 1e-3f;

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

    // Magic, length of the text, text, numbers.
    private static byte[] Pack(string text, float[] embedding)
    {
        byte[] words = Encoding.UTF8.GetBytes(text);
        byte[] packed = new byte[8 + words.Length + embedding.Length * sizeof(float)];
        BinaryPrimitives.WriteUInt32LittleEndian(packed, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(4), words.Length);
        words.CopyTo(packed, 8);
        MemoryMarshal.AsBytes(embedding.AsSpan()).CopyTo(packed.AsSpan(8 + words.Length));
        return packed;
    }

    private static float[]? Unpack(byte[] packed, string text)
    {
        byte[] words = Encoding.UTF8.GetBytes(text);
        int start = 8 + words.Length;
        if (packed.Length <= start || (packed.Length - start) % sizeof(float) != 0 ||
            BinaryPrimitives.ReadUInt32LittleEndian(packed) != Magic ||
            BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(4)) != words.Length ||
            !packed.AsSpan(8, words.Length).SequenceEqual(words))
        {
            return null;
        }
        float[] embedding = MemoryMarshal.Cast<byte, float>(packed.AsSpan(start)).ToArray();
        float norm = System.Numerics.Tensors.TensorPrimitives.Norm<float>(embedding);
        return Math.Abs(norm - 1f) <= NormTolerance ? embedding : null;
    }
}
