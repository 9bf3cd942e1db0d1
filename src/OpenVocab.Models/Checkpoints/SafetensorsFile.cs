using System.Buffers.Binary;
using System.Text.Json;

namespace OpenVocab.Models.Checkpoints;

/// <summary>
/// Hugging Face's safetensors (github.com/huggingface/safetensors, "Format"): the length of a header, the header as JSON, then all numbers without gap or overlap up to the last byte
/// of the file. Everything that the header claims is checked before it is used.
/// </summary>
internal static class SafetensorsFile
{
    private const long LargestHeader = 100_000_000;
    private const int MostTensors = 100_000;

    /// <summary>True where a file begins as these do: a length that the file can hold, and a brace.</summary>
    internal static bool Looks(ReadOnlySpan<byte> start, long fileLength) =>
        start.Length > 8 && BinaryPrimitives.ReadUInt64LittleEndian(start) is var header && header <= (ulong)Math.Max(fileLength - 8, 0) && start[8] is (byte)'{';

    /// <summary>Reads the header; numbers stay in the file.</summary>
    /// <param name="source">Must live as long as the tensors.</param>
    /// <exception cref="CheckpointException">A rule of the format is broken.</exception>
    internal static Dictionary<string, StoredTensor> Read(ByteSource source)
    {
        if (source.Length < 8) { throw new CheckpointException(source.Name, 0, $"the file has {source.Length} bytes; a safetensors file begins with 8 that hold a length"); }
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(source.Read(0, 8));
        if (length > LargestHeader || (long)length > source.Length - 8) { throw new CheckpointException(source.Name, 0, $"the header claims {length} bytes; at most {Math.Min(LargestHeader, source.Length - 8)} are possible"); }
        try
        {
            using JsonDocument header = JsonDocument.Parse(source.Read(8, (int)length), new() { MaxDepth = 8 });
            return ReadHeader(source, header.RootElement, 8 + (long)length);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new CheckpointException(source.Name, 8, $"the header is no JSON as safetensors has it: {fault.Message.TrimEnd('.')}", null, fault);
        }
    }

    private static Dictionary<string, StoredTensor> ReadHeader(ByteSource source, JsonElement header, long data)
    {
        Dictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);
        HashSet<string> names = new(StringComparer.Ordinal);
        List<(long Begin, long End, string Name)> ranges = [];
        foreach (JsonProperty property in header.EnumerateObject())
        {
            CheckpointException Fault(string why) => new(source.Name, 8, $"{property.Name}: {why}");
            if (!names.Add(property.Name)) { throw Fault("the name is there twice"); }
            if (property.Name == "__metadata__")
            {
                if (property.Value.ValueKind != JsonValueKind.Object || property.Value.EnumerateObject().Any(entry => entry.Value.ValueKind != JsonValueKind.String)) { throw Fault("it may hold texts only"); }
                continue;
            }
            if (names.Count > MostTensors) { throw Fault($"there are more than {MostTensors} tensors"); }
            string typeName = property.Value.GetProperty("dtype").GetString() ?? "";
            ElementType type = TypeOf(typeName) ?? throw Fault($"its numbers are {typeName}, which are not read");
            long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())];
            JsonElement[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray()];
            if (offsets.Length != 2) { throw Fault($"it has {offsets.Length} offsets; begin and end are needed"); }
            (long begin, long end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
            if (begin < 0 || end < begin || end > source.Length - data) { throw Fault($"it lies from {begin} to {end}; the file has {source.Length - data} bytes of numbers"); }
            Int128 count = 1;
            foreach (long side in shape)
            {
                if (side < 0 || count > long.MaxValue) { throw Fault($"its shape [{string.Join(", ", shape)}] is not possible"); }
                count *= side;
            }
            if (count * ElementTypes.SizeOf(type) != end - begin) { throw Fault($"its shape [{string.Join(", ", shape)}] of {typeName} does not make the {end - begin} bytes that it has"); }
            TensorStorage storage = new(type, (long)count);
            storage.Place(source, data + begin);
            tensors[property.Name] = StoredTensor.TryCreate(storage, shape, out string fault) ?? throw Fault(fault);
            ranges.Add((begin, end, property.Name));
        }
        long reached = 0;
        foreach ((long begin, long end, string name) in ranges.OrderBy(range => range.Begin).ThenBy(range => range.End))
        {
            if (begin != reached) { throw new CheckpointException(source.Name, data + Math.Min(begin, reached), $"{name}: its numbers begin at {begin}; the ones before end at {reached}"); }
            reached = end;
        }
        return reached == source.Length - data ? tensors : throw new CheckpointException(source.Name, data + reached, $"{source.Length - data - reached} bytes follow the last tensor");
    }

    private static ElementType? TypeOf(string name) => name switch
    {
        "BOOL" => ElementType.Bool,
        "U8" => ElementType.UInt8,
        "I8" => ElementType.Int8,
        "I16" => ElementType.Int16,
        "U16" => ElementType.UInt16,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        "I32" => ElementType.Int32,
        "U32" => ElementType.UInt32,
        "F32" => ElementType.Float32,
        "F64" => ElementType.Float64,
        "I64" => ElementType.Int64,
        "U64" => ElementType.UInt64,
        _ => null,
    };
}
