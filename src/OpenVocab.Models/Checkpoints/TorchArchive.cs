using System.Text;

namespace OpenVocab.Models.Checkpoints;

/// <summary>What <c>torch.save</c> (1.6 and later) and <c>torch.jit.save</c> write: a zip with a pickle, and each storage as an entry of its own.</summary>
internal static class TorchArchive
{
    private const int MostStorages = 100_000;

    /// <summary>Reads the objects; numbers stay in the file.</summary>
    /// <param name="source">Must live as long as the tensors.</param>
    /// <param name="isScript">True for TorchScript.</param>
    /// <exception cref="CheckpointException">It is damaged or hostile.</exception>
    internal static object? Read(ByteSource source, out bool isScript)
    {
        ZipDirectory zip = ZipDirectory.Read(source);
        ZipEntry[] pickles = [.. zip.Entries.Values.Where(entry => entry.Name.EndsWith("/data.pkl", StringComparison.Ordinal) && entry.Name.Count(letter => letter == '/') == 1)];
        if (pickles is not [{ } pickle]) { throw new CheckpointException(source.Name, 0, $"the zip has {pickles.Length} entries <folder>/data.pkl; a checkpoint has one", "Give a checkpoint that torch.save or torch.jit.save wrote."); }
        string root = pickle.Name[..^"data.pkl".Length];
        isScript = zip.Entries.ContainsKey(root + "constants.pkl");
        if (zip.Entries.TryGetValue(root + "byteorder", out ZipEntry? order) && Encoding.ASCII.GetString(zip.ReadAll(order, 64)).Trim() is var endian and not "little")
        {
            throw new CheckpointException(source.Name, order.Start, $"the numbers are stored in the byte order \"{endian}\"; little is read", "Save the checkpoint on a machine with an x86 or ARM processor.");
        }
        Dictionary<string, TensorStorage> storages = new(StringComparer.Ordinal);
        TensorStorage Resolve(PickleTuple id)
        {
            if (id.Items is not ["storage", PickleGlobal type, string key, _, long count, ..]) { throw new InvalidDataException("a persistent id is no storage of torch"); }
            if (storages.TryGetValue(key, out TensorStorage? known)) { return known.Type == TorchStorages.TypeOf(type) && known.Count == count ? known : throw new InvalidDataException($"storage {key} is described in two ways"); }
            if (storages.Count == MostStorages) { throw new InvalidDataException($"there are more than {MostStorages} storages"); }
            TensorStorage storage = new(TorchStorages.TypeOf(type), count);
            Place(zip, source, storage, root + "data/" + key);
            return storages[key] = storage;
        }
        // A stride of 0 makes a large tensor of a small storage; no network needs more than the file could hold four times.
        return PickleReader.Read(zip.ReadAll(pickle, PickleReader.LargestPickle), source.Name, pickle.Start, source.Length * 4, Resolve, out _);
    }

    private static void Place(ZipDirectory zip, ByteSource source, TensorStorage storage, string name)
    {
        if (!zip.Entries.TryGetValue(name, out ZipEntry? entry)) { throw new InvalidDataException($"the storage {name} is not in the file"); }
        Int128 wanted = (Int128)storage.Count * ElementTypes.SizeOf(storage.Type);
        if (storage.Count < 0 || wanted != entry.Size) { throw new InvalidDataException($"the storage {name} has {entry.Size} bytes; {storage.Count} numbers of {storage.Type} need {wanted}"); }
        if (entry.IsDeflated) { storage.Place(ByteSource.Of(zip.ReadAll(entry, int.MaxValue), source.Name), 0); }
        else { storage.Place(source, entry.Start, () => zip.Verify(entry)); }
    }
}
