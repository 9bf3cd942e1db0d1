using System.Buffers.Binary;

namespace OpenVocab.Models.Checkpoints;

/// <summary>What <c>torch.save</c> wrote before version 1.6: pickles in a row (a magic number, a version, facts of the machine, the objects, the keys of the storages), then the storages.</summary>
internal static class LegacyTorchFile
{
    private static readonly byte[] s_start = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];

    /// <summary>True where a file begins as these do.</summary>
    internal static bool Looks(ReadOnlySpan<byte> start) => start.StartsWith(s_start);

    /// <summary>Reads the objects; numbers stay in the file.</summary>
    /// <param name="source">Must live as long as the tensors.</param>
    /// <exception cref="CheckpointException">It is damaged or hostile.</exception>
    internal static object? Read(ByteSource source)
    {
        Dictionary<string, TensorStorage> storages = new(StringComparer.Ordinal);
        // Pickles come first; what follows them is looked at only through the storages.
        byte[] pickles = source.Read(0, (int)Math.Min(source.Length, PickleReader.LargestPickle));
        int at = s_start.Length;
        object? Next(Func<PickleTuple, object?> resolve)
        {
            object? value = PickleReader.Read(pickles.AsMemory(at), source.Name, at, source.Length * 4, resolve, out int length);
            at += length;
            return value;
        }
        if (Next(Unexpected) is not 1001L) { throw new CheckpointException(source.Name, at, "the version of this old file of torch is not 1001", "Load it in PyTorch and save it again."); }
        if (Next(Unexpected) is PickleDictionary machine && machine["little_endian"] is false) { throw new CheckpointException(source.Name, at, "the numbers are stored big-endian", "Save the checkpoint on a machine with an x86 or ARM processor."); }
        object? root = Next(id => Resolve(id, storages));
        if (Next(Unexpected) is not List<object?> keys) { throw new CheckpointException(source.Name, at, "the list of storages is missing"); }
        PlaceAll(source, at, keys, storages);
        return root;
    }

    private static object Unexpected(PickleTuple id) => throw new InvalidDataException("a storage where none is expected");

    private static object? Resolve(PickleTuple id, Dictionary<string, TensorStorage> storages)
    {
        switch (id.Items)
        {
            // The source text of a class: the class alone is meant.
            case ["module", PickleGlobal type, ..]: return type;
            case ["storage", PickleGlobal type, string key, _, long count, null]:
                if (storages.TryGetValue(key, out TensorStorage? known)) { return known.Type == TorchStorages.TypeOf(type) && known.Count == count ? known : throw new InvalidDataException($"storage {key} is described in two ways"); }
                return count >= 0 ? storages[key] = new(TorchStorages.TypeOf(type), count) : throw new InvalidDataException($"storage {key} has {count} elements");
            default: throw new InvalidDataException("a persistent id is no whole storage of torch");
        }
    }

    private static void PlaceAll(ByteSource source, long at, List<object?> keys, Dictionary<string, TensorStorage> storages)
    {
        foreach (object? key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out TensorStorage? storage) || storage.IsPlaced) { throw new CheckpointException(source.Name, at, "the list of storages names one that no tensor uses, or one twice"); }
            long count = BinaryPrimitives.ReadInt64LittleEndian(source.Read(at, sizeof(long)));
            int size = ElementTypes.SizeOf(storage.Type);
            if (count != storage.Count || count > (source.Length - at - sizeof(long)) / size) { throw new CheckpointException(source.Name, at, $"storage {name} has {count} numbers here, and {storage.Count} where it is used; {Math.Max(source.Length - at - sizeof(long), 0)} bytes are left"); }
            storage.Place(source, at + sizeof(long));
            at += sizeof(long) + count * size;
        }
        if (storages.FirstOrDefault(entry => !entry.Value.IsPlaced).Key is { } missing) { throw new CheckpointException(source.Name, at, $"storage {missing} is not in the file"); }
    }
}
