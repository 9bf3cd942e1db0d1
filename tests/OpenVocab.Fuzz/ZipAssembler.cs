using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace OpenVocab.Fuzz;

/// <summary>Writes zip files entry by entry; every field can be made to lie.</summary>
internal sealed class ZipAssembler
{
    private readonly List<byte> _bytes = [], _directory = [];
    private int _count;

    /// <summary>A torch archive with a pickle and the storages 0, 1 …</summary>
    internal static byte[] Torch(byte[] pickle, params byte[][] storages)
    {
        ZipAssembler zip = new();
        zip.Add("archive/data.pkl", pickle);
        for (int i = 0; i < storages.Length; i++) { zip.Add($"archive/data/{i}", storages[i]); }
        zip.Add("archive/version", "3\n"u8.ToArray());
        return zip.End();
    }

    /// <param name="name">With its folders.</param>
    /// <param name="data">As it lies in the file.</param>
    /// <param name="crc">Null: the right one.</param>
    /// <param name="size">Unpacked, as the directory says; null: the length of <paramref name="data"/>.</param>
    /// <param name="method">0: stored, 8: deflated.</param>
    /// <param name="packed">As the directory says; null: the length of <paramref name="data"/>.</param>
    /// <param name="header">Where the directory says that the entry begins; null: where it does.</param>
    /// <param name="flags">General-purpose flags.</param>
    internal ZipAssembler Add(string name, byte[] data, uint? crc = null, uint? size = null, ushort method = 0, uint? packed = null, uint? header = null, ushort flags = 0)
    {
        uint start = (uint)_bytes.Count;
        byte[] encoded = Encoding.UTF8.GetBytes(name);
        uint checksum = crc ?? Crc32.HashToUInt32(data), unpacked = size ?? (uint)data.Length, stored = packed ?? (uint)data.Length;
        _bytes.AddRange("PK\x3\x4"u8);
        Write(_bytes, [20, flags, method, 0, 0]);
        Write(_bytes, [checksum, stored, unpacked]);
        Write(_bytes, [(ushort)encoded.Length, (ushort)0]);
        _bytes.AddRange(encoded);
        _bytes.AddRange(data);
        _directory.AddRange("PK\x1\x2"u8);
        Write(_directory, [20, 20, flags, method, 0, 0]);
        Write(_directory, [checksum, stored, unpacked]);
        Write(_directory, [(ushort)encoded.Length, 0, 0, 0, 0]);
        Write(_directory, [0u, header ?? start]);
        _directory.AddRange(encoded);
        _count++;
        return this;
    }

    /// <param name="count">Entries as the end says; null: as many as there are.</param>
    /// <param name="directory">Where the end says that the directory begins.</param>
    /// <param name="length">Its length, as the end says.</param>
    internal byte[] End(ushort? count = null, uint? directory = null, uint? length = null)
    {
        uint start = (uint)_bytes.Count;
        _bytes.AddRange(_directory);
        _bytes.AddRange("PK\x5\x6"u8);
        Write(_bytes, [(ushort)0, (ushort)0, count ?? (ushort)_count, count ?? (ushort)_count]);
        Write(_bytes, [length ?? (uint)_directory.Count, directory ?? start]);
        Write(_bytes, [(ushort)0]);
        return [.. _bytes];
    }

    private static void Write(List<byte> into, ReadOnlySpan<ushort> values)
    {
        Span<byte> bytes = stackalloc byte[2];
        foreach (ushort value in values)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
            into.AddRange(bytes);
        }
    }

    private static void Write(List<byte> into, ReadOnlySpan<uint> values)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            into.AddRange(bytes);
        }
    }
}
