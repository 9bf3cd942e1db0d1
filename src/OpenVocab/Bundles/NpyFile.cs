using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenVocab.Bundles;

/// <summary>
/// An array as NumPy stores it (<c>.npy</c>, format versions 1 to 3): little-endian, C order. Sizes that the header claims are checked against
/// the bytes that are there before anything is allocated.
/// </summary>
internal sealed partial class NpyFile
{
    private const int LargestHeader = 65_536;

    private readonly ReadOnlyMemory<byte> _data;
    private readonly string _name;

    private NpyFile(string name, string type, int[] shape, ReadOnlyMemory<byte> data)
    {
        (_name, Type, Shape, _data) = (name, type, shape, data);
        Count = shape.Aggregate(1, (count, side) => count * side);
    }

    /// <summary>Element type as NumPy writes it, without the byte order: <c>f4</c>, <c>u1</c>, <c>i8</c>, <c>b1</c> …</summary>
    internal string Type { get; }

    /// <summary>Sides of the array, slowest first; empty for a single number.</summary>
    internal int[] Shape { get; }

    /// <summary>Number of elements.</summary>
    internal int Count { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelException">The file is missing or no array that is read here.</exception>
    internal static NpyFile Read(string path)
    {
        try { return Parse(File.ReadAllBytes(path), path); }
        catch (IOException fault)
        {
            throw new ModelException($"{path}: the array cannot be read: {fault.Message}", "Check the path and its rights.", fault);
        }
    }

    /// <summary>Reads bytes; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="ModelException">The bytes are no array that is read here.</exception>
    internal static NpyFile Parse(ReadOnlyMemory<byte> bytes, string name)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        if (span.Length < 10 || span[0] != 0x93 || !span[1..6].SequenceEqual("NUMPY"u8))
        {
            throw Bad(name, "it does not begin as a .npy file does");
        }
        int version = span[6];
        if (version is < 1 or > 3) { throw Bad(name, $"its format version is {version}; 1 to 3 are read"); }
        int start = version == 1 ? 10 : 12;
        if (span.Length < start) { throw Bad(name, "its header is cut off"); }
        long length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(span[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(span[8..]);
        if (length > LargestHeader || start + length > span.Length)
        {
            throw Bad(name, $"its header claims {length} bytes; at most {Math.Min(LargestHeader, span.Length - start)} are possible");
        }
        string header = Encoding.UTF8.GetString(span.Slice(start, (int)length));
        (string type, int[] shape) = ParseHeader(header, name);
        ReadOnlyMemory<byte> data = bytes[(start + (int)length)..];
        long wanted = SizeOf(type);
        foreach (int side in shape) { wanted = side == 0 ? 0 : wanted > long.MaxValue / side ? throw Bad(name, "its shape overflows") : wanted * side; }
        return wanted == data.Length
            ? new NpyFile(name, type, shape, data)
            : throw Bad(name, $"its header claims {wanted} bytes of data; there are {data.Length}");
    }

    /// <summary>Writes float32 numbers as NumPy would: version 1.0, little-endian, C order.</summary>
    /// <param name="path">Overwritten.</param>
    /// <param name="values">Slowest side first.</param>
    /// <param name="shape">Their sides.</param>
    internal static void Write(string path, ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        using FileStream file = File.Create(path);
        Write(file, values, shape);
    }

    /// <inheritdoc cref="Write(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    internal static void Write(Stream stream, ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        StringBuilder sides = new();
        foreach (long side in shape) { sides.Append(CultureInfo.InvariantCulture, $"{side}, "); }
        // NumPy wants "(3,)" for one side, and takes the comma at the end of several.
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sides.ToString().TrimEnd()}), }}";
        // Ends in a line break, so that the numbers begin at a multiple of 64 bytes.
        header = header.PadRight((10 + header.Length + 64) / 64 * 64 - 11) + "\n";
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0, (byte)(header.Length & 0xFF), (byte)(header.Length >> 8)];
        stream.Write(start);
        stream.Write(Encoding.ASCII.GetBytes(header));
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>The elements as float32; float16 and float64 are converted, integers and booleans too.</summary>
    internal float[] ToFloats()
    {
        ReadOnlySpan<byte> data = _data.Span;
        return Type switch
        {
            "f4" => MemoryMarshal.Cast<byte, float>(data).ToArray(),
            "f2" => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(data).ToArray(), value => (float)value),
            _ => Array.ConvertAll(ToDoubles(), value => (float)value),
        };
    }

    /// <summary>The elements as float64.</summary>
    internal double[] ToDoubles()
    {
        ReadOnlySpan<byte> data = _data.Span;
        return Type switch
        {
            "f8" => MemoryMarshal.Cast<byte, double>(data).ToArray(),
            "f4" or "f2" => Array.ConvertAll(ToFloats(), value => (double)value),
            _ => Array.ConvertAll(ToLongs(), value => (double)value),
        };
    }

    /// <summary>The elements as integers; refuses floating-point arrays.</summary>
    internal long[] ToLongs()
    {
        ReadOnlySpan<byte> data = _data.Span;
        return Type switch
        {
            "i8" or "u8" => MemoryMarshal.Cast<byte, long>(data).ToArray(),
            "i4" => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(data).ToArray(), value => (long)value),
            "u4" => Array.ConvertAll(MemoryMarshal.Cast<byte, uint>(data).ToArray(), value => (long)value),
            "i2" => Array.ConvertAll(MemoryMarshal.Cast<byte, short>(data).ToArray(), value => (long)value),
            "u2" => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(data).ToArray(), value => (long)value),
            "i1" => Array.ConvertAll(MemoryMarshal.Cast<byte, sbyte>(data).ToArray(), value => (long)value),
            "u1" or "b1" => Array.ConvertAll(data.ToArray(), value => (long)value),
            _ => throw Bad(_name, $"its elements are {Type}; whole numbers are needed here"),
        };
    }

    /// <summary>The elements as int32; refuses floating-point arrays.</summary>
    internal int[] ToInts() => Array.ConvertAll(ToLongs(), value => checked((int)value));

    /// <summary>The elements of a <c>u1</c> array.</summary>
    internal byte[] ToBytes() => Type is "u1" or "b1" ? _data.ToArray() : throw Bad(_name, $"its elements are {Type}; u1 is needed here");

    private static (string Type, int[] Shape) ParseHeader(string header, string name)
    {
        Match type = Descr().Match(header), order = FortranOrder().Match(header), shape = ShapeTuple().Match(header);
        if (!type.Success || !order.Success || !shape.Success) { throw Bad(name, "its header lacks descr, fortran_order or shape"); }
        if (order.Groups[1].Value == "True") { throw Bad(name, "it is stored column by column (Fortran order)"); }
        string element = type.Groups[2].Value;
        if (type.Groups[1].Value == ">" || SizeOf(element) == 0)
        {
            throw Bad(name, $"its elements are {type.Groups[1].Value}{element}; little-endian f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1 are read");
        }
        List<int> sides = [];
        foreach (string side in shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            sides.Add(int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                ? value
                : throw Bad(name, $"a side of its shape is {side}; at most {int.MaxValue} is read"));
        }
        return (element, [.. sides]);
    }

    private static int SizeOf(string type) => type switch
    {
        "f8" or "i8" or "u8" => 8,
        "f4" or "i4" or "u4" => 4,
        "f2" or "i2" or "u2" => 2,
        "i1" or "u1" or "b1" => 1,
        _ => 0,
    };

    private static ModelException Bad(string name, string why) =>
        new($"{name}: this is no array that can be read: {why}.", "Save it with numpy.save, or fetch the file again.");

    [GeneratedRegex(@"'descr'\s*:\s*'([<>|=]?)([a-z]\d+)'")]
    private static partial Regex Descr();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex FortranOrder();

    [GeneratedRegex(@"'shape'\s*:\s*\(([\d,\s]*)\)")]
    private static partial Regex ShapeTuple();
}
