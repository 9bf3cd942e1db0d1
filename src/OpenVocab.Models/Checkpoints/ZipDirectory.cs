using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace OpenVocab.Models.Checkpoints;

/// <summary>
/// The entries of a zip file (APPNOTE 6.3, with zip64), strictly: .NET's own reader takes names that are there twice or lead out, entries that lie over each other, and does not
/// notice a flipped bit. Sizes come from the central directory; every entry lies inside of the file and apart from all others.
/// </summary>
internal sealed class ZipDirectory
{
    private const int MostEntries = 100_000, EndLength = 22, LocatorLength = 20, End64Length = 56, HeaderLength = 46, LocalLength = 30, LongestComment = 65_535, LargestDirectory = 64 * 1024 * 1024;

    /// <summary>What torch deflates are texts; more than this is a bomb.</summary>
    private const int MostInflated = 64 * 1024 * 1024, MostRatio = 20, RatioSlack = 4096;

    private readonly ByteSource _source;

    private ZipDirectory(ByteSource source, Dictionary<string, ZipEntry> entries) => (_source, Entries) = (source, entries);

    /// <summary>By name.</summary>
    internal IReadOnlyDictionary<string, ZipEntry> Entries { get; }

    /// <summary>True where a file begins as a zip does.</summary>
    internal static bool Looks(ReadOnlySpan<byte> start) => start is [(byte)'P', (byte)'K', 3, 4, ..];

    /// <exception cref="CheckpointException">It is no zip, or breaks a rule.</exception>
    internal static ZipDirectory Read(ByteSource source)
    {
        (long start, long length, long count) = FindDirectory(source);
        if (count > MostEntries) { throw new CheckpointException(source.Name, start, $"the zip has {count} entries; at most {MostEntries} are read"); }
        if (length > LargestDirectory || start < 0 || length < 0 || start > source.Length - length) { throw new CheckpointException(source.Name, start, $"the zip's directory has {length} bytes from byte {start} on; the file has {source.Length}"); }
        byte[] directory = source.Read(start, (int)length);
        Dictionary<string, ZipEntry> entries = new(StringComparer.Ordinal);
        int at = 0;
        for (long i = 0; i < count; i++)
        {
            ZipEntry entry = ReadEntry(source, directory, ref at, start);
            if (!entries.TryAdd(entry.Name, entry)) { throw new CheckpointException(source.Name, start + at, $"the zip has two entries {entry.Name}"); }
        }
        CheckApart(source, entries.Values, start);
        return new(source, entries);
    }

    /// <summary>An entry's bytes, checked.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="most">Longer ones are refused before memory is taken for them.</param>
    internal byte[] ReadAll(ZipEntry entry, int most)
    {
        if (entry.Size > most) { throw new CheckpointException(_source.Name, entry.Start, $"{entry.Name} has {entry.Size} bytes; at most {most} are read"); }
        byte[] packed = _source.Read(entry.Start, checked((int)entry.PackedSize)), bytes = packed;
        if (entry.IsDeflated)
        {
            if (entry.Size > MostInflated || entry.Size > entry.PackedSize * MostRatio + RatioSlack) { throw new CheckpointException(_source.Name, entry.Start, $"{entry.Name} inflates {entry.PackedSize} bytes to {entry.Size}; {MostRatio} times as many, and {MostInflated}, are the bounds"); }
            bytes = Inflate(entry, packed);
        }
        uint found = Crc32.HashToUInt32(bytes);
        return found == entry.Crc ? bytes : throw Damaged(entry, found);
    }

    /// <summary>Compares a stored entry with its checksum, a part at a time.</summary>
    internal void Verify(ZipEntry entry)
    {
        Crc32 crc = new();
        byte[] buffer = new byte[1 << 20];
        for (long at = 0; at < entry.Size; at += buffer.Length)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, entry.Size - at));
            _source.Read(entry.Start + at, part);
            crc.Append(part);
        }
        uint found = crc.GetCurrentHashAsUInt32();
        if (found != entry.Crc) { throw Damaged(entry, found); }
    }

    private byte[] Inflate(ZipEntry entry, byte[] packed)
    {
        byte[] bytes = new byte[entry.Size];
        try
        {
            using DeflateStream inflate = new(new MemoryStream(packed), CompressionMode.Decompress);
            inflate.ReadExactly(bytes);
            return inflate.ReadByte() < 0 ? bytes : throw new CheckpointException(_source.Name, entry.Start, $"{entry.Name} inflates to more than the {entry.Size} bytes that it claims");
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException) { throw new CheckpointException(_source.Name, entry.Start, $"{entry.Name} cannot be inflated: {fault.Message.TrimEnd('.')}", null, fault); }
    }

    private CheckpointException Damaged(ZipEntry entry, uint found) => new(_source.Name, entry.Start, $"{entry.Name} is damaged: its checksum is {found:x8}, the zip says {entry.Crc:x8}");

    private static (long Start, long Length, long Count) FindDirectory(ByteSource source)
    {
        int tail = (int)Math.Min(source.Length, EndLength + LongestComment);
        byte[] bytes = source.Read(source.Length - tail, tail);
        for (int at = tail - EndLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = bytes.AsSpan(at);
            if (end is not [(byte)'P', (byte)'K', 5, 6, ..]) { continue; }
            long position = source.Length - tail + at;
            // Torch always writes the zip64 record; its numbers count.
            if (at >= LocatorLength && bytes.AsSpan(at - LocatorLength) is [(byte)'P', (byte)'K', 6, 7, ..])
            {
                long record = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at - LocatorLength + 8));
                byte[] end64 = source.Read(record, End64Length);
                if (end64 is not [(byte)'P', (byte)'K', 6, 6, ..]) { throw new CheckpointException(source.Name, record, "the zip64 record is not where the zip says"); }
                return (BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(48)), BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(40)), BinaryPrimitives.ReadInt64LittleEndian(end64.AsSpan(32)));
            }
            (uint start, uint length, ushort count) = (BinaryPrimitives.ReadUInt32LittleEndian(end[16..]), BinaryPrimitives.ReadUInt32LittleEndian(end[12..]), BinaryPrimitives.ReadUInt16LittleEndian(end[10..]));
            if (start + (long)length > position) { throw new CheckpointException(source.Name, position, $"the zip's directory has {length} bytes from byte {start} on; it must end before byte {position}"); }
            return (start, length, count);
        }
        throw new CheckpointException(source.Name, source.Length, "the zip has no end: the file is cut off");
    }

    private static ZipEntry ReadEntry(ByteSource source, byte[] directory, ref int at, long start)
    {
        CheckpointException Fault(int where, string why) => new(source.Name, start + where, why);
        if (directory.Length - at < HeaderLength || directory.AsSpan(at) is not [(byte)'P', (byte)'K', 1, 2, ..]) { throw Fault(at, "an entry of the zip's directory is missing"); }
        ReadOnlySpan<byte> header = directory.AsSpan(at);
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]), method = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]), size = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]), local = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]), extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]), commentLength = BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
        int end = at + HeaderLength + nameLength + extraLength + commentLength;
        if (end > directory.Length) { throw Fault(at, "an entry of the zip's directory is cut off"); }
        string name = Encoding.UTF8.GetString(header.Slice(HeaderLength, nameLength));
        ReadExtra(header.Slice(HeaderLength + nameLength, extraLength), ref size, ref packed, ref local);
        if (name.Length == 0 || name[0] == '/' || name.AsSpan().ContainsAny('\\', '\0') || name.Split('/').Contains("..")) { throw Fault(at, $"the zip has an entry \"{name}\", which leads out of it"); }
        if ((flags & 1) != 0) { throw Fault(at, $"{name} is encrypted"); }
        if (method is not (0 or 8)) { throw Fault(at, $"{name} is packed by method {method}; stored (0) and deflated (8) are read"); }
        if (method == 0 && packed != size) { throw Fault(at, $"{name} is stored, and yet has {packed} packed and {size} unpacked bytes"); }
        if (packed < 0 || size < 0 || local < 0 || local > source.Length - LocalLength) { throw Fault(at, $"{name} begins at byte {local} and has {packed} bytes; the file has {source.Length}"); }
        byte[] localHeader = source.Read(local, LocalLength);
        if (localHeader is not [(byte)'P', (byte)'K', 3, 4, ..]) { throw new CheckpointException(source.Name, local, $"{name} is not where the zip's directory says"); }
        long data = local + LocalLength + BinaryPrimitives.ReadUInt16LittleEndian(localHeader.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(localHeader.AsSpan(28));
        if (packed > source.Length - data) { throw new CheckpointException(source.Name, data, $"{name} claims {packed} bytes; {Math.Max(source.Length - data, 0)} are left in the file"); }
        at = end;
        return new(name, data, packed, size, crc, method == 8, local);
    }

    // Zip64: what does not fit into 32 bits stands in an extra field, in this order, and only that.
    private static void ReadExtra(ReadOnlySpan<byte> extra, ref long size, ref long packed, ref long local)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4) { return; }
            ReadOnlySpan<byte> field = extra.Slice(4, length);
            if (id == 1)
            {
                size = Take(ref field, size);
                packed = Take(ref field, packed);
                local = Take(ref field, local);
            }
            extra = extra[(4 + length)..];
        }
    }

    private static long Take(ref ReadOnlySpan<byte> field, long value)
    {
        if (value != uint.MaxValue || field.Length < sizeof(long)) { return value; }
        value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[sizeof(long)..];
        return value;
    }

    private static void CheckApart(ByteSource source, IEnumerable<ZipEntry> entries, long directory)
    {
        long end = 0;
        foreach (ZipEntry entry in entries.OrderBy(entry => entry.Header))
        {
            if (entry.Header < end) { throw new CheckpointException(source.Name, entry.Header, $"{entry.Name} lies over another entry of the zip"); }
            end = entry.Start + entry.PackedSize;
            if (end > directory) { throw new CheckpointException(source.Name, entry.Header, $"{entry.Name} lies over the zip's directory"); }
        }
    }
}
