using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace OpenVocab.Fuzz;

/// <summary>Zips, safetensors and old files of torch that lie about what they hold.</summary>
internal static class HostileContainers
{
    private static readonly byte[] s_pickle = PickleAssembler.OneTensor(2, 0, [2], [1]), s_storage = new byte[8];

    internal static IEnumerable<HostileFile> All() =>
    [
        new("no file at all", "0 bytes", () => [], "empty"),
        new("a text", "no checkpoint", () => "This is a text, and no checkpoint."u8.ToArray(), "no checkpoint"),
        new("a tar", "torch before 0.4", () => [.. "archive/data"u8, .. new byte[600]], "no checkpoint"),
        Zip("a zip without a pickle", "nothing to read", zip => zip.Add("archive/version", "3"u8.ToArray()).End(), "data.pkl"),
        Zip("two pickles", "which one counts?", zip => Honest(zip).Add("other/data.pkl", s_pickle).End(), "2 entries"),
        Zip("a pickle that is deep inside", "no archive of torch", zip => zip.Add("a/b/data.pkl", s_pickle).End(), "0 entries"),
        Zip("a name twice", "which one counts?", zip => Honest(zip).Add("archive/data/0", s_storage).End(), "two entries"),
        Zip("a name that leads out", "../x", zip => Honest(zip).Add("archive/../../x", s_storage).End(), "leads out"),
        Zip("an absolute name", "/etc/x", zip => Honest(zip).Add("/etc/x", s_storage).End(), "leads out"),
        Zip("a name with a backslash", "leads out on Windows", zip => Honest(zip).Add("archive\\..\\x", s_storage).End(), "leads out"),
        Zip("an empty name", "nothing to find", zip => Honest(zip).Add("", s_storage).End(), "leads out"),
        Zip("an encrypted entry", "flag 1", zip => Honest(zip).Add("archive/x", s_storage, flags: 1).End(), "encrypted"),
        Zip("an entry of another method", "bzip2", zip => Honest(zip).Add("archive/x", s_storage, method: 12).End(), "method 12"),
        Zip("a stored entry with two sizes", "packed and unpacked differ", zip => Honest(zip).Add("archive/x", s_storage, size: 9).End(), "is stored"),
        Zip("entries over each other", "many names for the same bytes", zip => Honest(zip).Add("archive/x", s_storage, header: 0).End(), "lies over"),
        Zip("an entry beyond the file", "begins after its end", zip => Honest(zip).Add("archive/x", s_storage, header: 1u << 30).End(), "begins at byte"),
        Zip("an entry where no entry is", "points into data", zip => Honest(zip).Add("archive/x", s_storage, header: 11).End(), "not where"),
        Zip("an entry of 4 GB", "claims more than the file has", zip => Honest(zip).Add("archive/x", s_storage, size: uint.MaxValue - 1, packed: uint.MaxValue - 1).End(), "claims"),
        Zip("a flipped bit in a weight", "the checksum differs", zip => zip.Add("archive/data.pkl", s_pickle).Add("archive/data/0", s_storage, crc: 1).End(), "damaged"),
        Zip("a flipped bit in the pickle", "the checksum differs", zip => zip.Add("archive/data.pkl", s_pickle, crc: 1).Add("archive/data/0", s_storage).End(), "damaged"),
        Zip("a bomb", "a deflated entry that inflates a thousandfold", zip => zip.Add("archive/data.pkl", Deflate(new byte[1_000_000]), size: 1_000_000, method: 8).End(), "inflates"),
        Zip("a deflated entry that is longer than it says", "inflates on and on", zip => zip.Add("archive/data.pkl", Deflate(new byte[5000]), size: 100, method: 8).End(), "more than"),
        Zip("a deflated entry that is cut", "ends before", zip => zip.Add("archive/data.pkl", Deflate(s_pickle)[..10], size: (uint)s_pickle.Length, method: 8).End(), "cannot be inflated"),
        Zip("a directory that is not there", "the end points into nothing", zip => Honest(zip).End(directory: 1u << 30), "directory"),
        Zip("fewer entries than it says", "the directory is short", zip => Honest(zip).End(count: 9), "missing"),
        Zip("a directory that overflows", "start and length beyond 32 bits", zip => Honest(zip).End(directory: uint.MaxValue - 3, length: uint.MaxValue - 3), "directory"),
        new("a zip that is cut off", "no end", () => ZipAssembler.Torch(s_pickle, s_storage)[..^30], "cut off"),
        Zip("big-endian numbers", "another byte order", zip => Honest(zip).Add("archive/byteorder", "big"u8.ToArray()).End(), "big"),
        Safetensors("a header beyond the file", "{\"a\":{}}", "claims", 1UL << 20), Safetensors("a header of 2^63", "{}", "claims", 1UL << 63), Safetensors("a header that is no JSON", "{]", "no JSON"),
        Safetensors("a header that is a list", "[]", "no JSON"), Safetensors("a tensor without a type", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", "no JSON"), Safetensors("an unknown type", "{\"a\":{\"dtype\":\"X9\",\"shape\":[1],\"data_offsets\":[0,4]}}", "not read"),
        Safetensors("offsets in reverse", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", "lies from"), Safetensors("a negative offset", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", "lies from"),
        Safetensors("a shape that overflows", "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4294967296],\"data_offsets\":[0,4]}}", "shape"), Safetensors("a negative side", "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "shape"),
        Safetensors("an end beyond the file", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "lies from"), Safetensors("three offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", "offsets"),
        Safetensors("a name twice", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "twice"), Safetensors("metadata that is no text", "{\"__metadata__\":{\"a\":1}}", "texts"),
        Safetensors("bytes after the last tensor", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", "follow"), Safetensors("a gap", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[3,4]}}", "begin at"),
        Safetensors("deep JSON", "{\"a\":" + new string('[', 500) + new string(']', 500) + "}", "no JSON"),
        Old("an old file without objects", [], "cut off"), Old("an old file of another version", [0x80, 2, (byte)'K', 7, (byte)'.'], "1001"),
        Old("an old file whose storage is short", [.. OldHead(), .. PickleAssembler.OneTensor(2, 0, [2], [1]), .. new PickleAssembler().Code(']').Text("0").Code('a').End(), .. new byte[12]], "storage"),
    ];

    private static ZipAssembler Honest(ZipAssembler zip) => zip.Add("archive/data.pkl", s_pickle).Add("archive/data/0", s_storage);

    private static HostileFile Zip(string name, string reason, Func<ZipAssembler, byte[]> make, string says) => new(name, reason, () => make(new()), says);

    private static HostileFile Safetensors(string name, string header, string says, ulong? length = null) => new($"safetensors: {name}", "a rule of the format is broken", () =>
    {
        byte[] json = Encoding.UTF8.GetBytes(header), bytes = new byte[8 + json.Length + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length ?? (ulong)json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }, says);

    private static HostileFile Old(string name, byte[] rest, string says) => new(name, "torch before 1.6", () => [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.', .. rest], says);

    private static byte[] OldHead() => [.. new PickleAssembler().Integer(1001).End(), .. new PickleAssembler().Code('}').End()];

    private static byte[] Deflate(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (DeflateStream deflate = new(packed, CompressionLevel.SmallestSize, leaveOpen: true)) { deflate.Write(bytes); }
        return packed.ToArray();
    }
}
