namespace OpenVocab.Models.Checkpoints;

/// <summary>How a checkpoint is stored.</summary>
internal enum CheckpointFormat { Torch, TorchScript, LegacyTorch, Safetensors }

/// <summary>An open checkpoint: what it holds as inert data; its numbers stay in the file until they are asked for.</summary>
internal sealed class Checkpoint : IDisposable
{
    private const int StartLength = 64;

    private readonly ByteSource _source;

    private Checkpoint(ByteSource source, CheckpointFormat format, object? root) => (_source, Format, Root) = (source, format, root);

    /// <summary>Path or name of the file.</summary>
    internal string File => _source.Name;

    /// <summary>Bytes of the file.</summary>
    internal long Length => _source.Length;

    internal CheckpointFormat Format { get; }

    /// <summary>What the file holds: from a pickle, or a <see cref="PickleDictionary"/> of tensors.</summary>
    internal object? Root { get; }

    /// <summary>True for what begins as a checkpoint does, however damaged the rest may be.</summary>
    /// <exception cref="ModelException">The file cannot be read.</exception>
    internal static bool Looks(string path)
    {
        using ByteSource source = ByteSource.Open(path);
        byte[] start = source.Read(0, (int)Math.Min(source.Length, StartLength));
        return ZipDirectory.Looks(start) || LegacyTorchFile.Looks(start) || IsSafetensors(source, start);
    }

    /// <summary>Opens a file; what it is, its first bytes say.</summary>
    /// <exception cref="CheckpointException">It is damaged, hostile, or none of these.</exception>
    /// <exception cref="ModelException">It cannot be read.</exception>
    internal static Checkpoint Open(string path) => Open(ByteSource.Open(path));

    /// <summary>Opens bytes; the checkpoint owns them.</summary>
    internal static Checkpoint Open(ByteSource source)
    {
        try
        {
            byte[] start = source.Read(0, (int)Math.Min(source.Length, StartLength));
            if (ZipDirectory.Looks(start))
            {
                object? root = TorchArchive.Read(source, out bool isScript);
                return new(source, isScript ? CheckpointFormat.TorchScript : CheckpointFormat.Torch, root);
            }
            if (LegacyTorchFile.Looks(start)) { return new(source, CheckpointFormat.LegacyTorch, LegacyTorchFile.Read(source)); }
            if (IsSafetensors(source, start)) { return new(source, CheckpointFormat.Safetensors, Dictionary(SafetensorsFile.Read(source))); }
            throw new CheckpointException(
                source.Name, 0, source.Length == 0 ? "the file is empty" : $"this is no checkpoint: it begins with {Convert.ToHexString(start.AsSpan(0, Math.Min(start.Length, 8)))}",
                "Give a checkpoint of PyTorch (.pt, .pth, .bin) or safetensors.");
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    // The format has no magic number: a name helps to say what is wrong with a damaged one.
    private static bool IsSafetensors(ByteSource source, byte[] start) => SafetensorsFile.Looks(start, source.Length) || source.Name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);

    private static PickleDictionary Dictionary(Dictionary<string, StoredTensor> tensors)
    {
        PickleDictionary dictionary = new();
        foreach ((string name, StoredTensor tensor) in tensors) { dictionary.Set(name, tensor); }
        return dictionary;
    }
}
