using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OpenVocab.Models.Checkpoints;

/// <summary>A tensor in a file: a view of a storage, whose bounds were checked when it was made. Its numbers are read when they are asked for.</summary>
internal sealed class StoredTensor
{
    private const int MostDimensions = 8;

    private readonly TensorStorage _storage;
    private readonly long _offset;
    private readonly long[] _strides;

    private StoredTensor(TensorStorage storage, long offset, long[] shape, long[] strides, long count) => (_storage, _offset, Shape, _strides, Count) = (storage, offset, shape, strides, count);

    /// <summary>Sides, slowest first; empty for a single number.</summary>
    internal long[] Shape { get; }

    /// <summary>Number of elements.</summary>
    internal long Count { get; }

    internal ElementType Type => _storage.Type;

    /// <summary>Makes a view.</summary>
    /// <param name="storage">May be placed later.</param>
    /// <param name="offset">Of the first element, in elements.</param>
    /// <param name="shape">Sides, 0 or more each.</param>
    /// <param name="strides">Distance between neighbours along each side, in elements, 0 or more.</param>
    /// <param name="mostElements">More are refused: a stride of 0 makes a huge tensor of a small storage.</param>
    /// <param name="fault">Gets the reason where the view does not fit.</param>
    /// <returns>Null where the view does not fit its storage.</returns>
    internal static StoredTensor? TryCreate(TensorStorage storage, long offset, long[] shape, long[] strides, long mostElements, out string fault)
    {
        fault = "";
        if (shape.Length > MostDimensions || shape.Length != strides.Length) { fault = $"a tensor has {shape.Length} sides and {strides.Length} strides; {MostDimensions} at most, and as many of each, are possible"; }
        else if (shape.Any(side => side < 0) || strides.Any(stride => stride < 0) || offset < 0) { fault = "a tensor has a negative side, stride or offset"; }
        else
        {
            Int128 count = 1, last = offset;
            for (int i = 0; i < shape.Length; i++)
            {
                count *= shape[i];
                last += (Int128)(shape[i] - 1) * strides[i];
                // Two factors below 2^63 each cannot pass 128 bits; three could.
                if (count > mostElements) { break; }
            }
            if (count > mostElements) { fault = $"a tensor has more than {mostElements} elements, which is more than its file can hold"; }
            else if (count > 0 && (last >= storage.Count || last < 0)) { fault = $"a tensor ends at element {last} of a storage that has {storage.Count}"; }
            else { return new(storage, offset, shape, strides, (long)count); }
        }
        return null;
    }

    /// <summary>A tensor without gaps.</summary>
    internal static StoredTensor? TryCreate(TensorStorage storage, long[] shape, out string fault)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride = unchecked(stride * Math.Max(shape[i], 1));
        }
        return TryCreate(storage, 0, shape, strides, storage.Count, out fault);
    }

    /// <summary>All numbers as float32, slowest side first.</summary>
    /// <exception cref="CheckpointException">The file ends before, or is damaged.</exception>
    internal Floats ToFloats()
    {
        if (Count > Array.MaxLength / sizeof(float)) { throw new ModelException($"A tensor of [{string.Join(", ", Shape)}] has {Count} elements; at most {Array.MaxLength / sizeof(float)} are read.", "Use a smaller model."); }
        Floats floats = new((int)Count, Shape);
        if (Count == 0) { return floats; }
        if (IsContiguous())
        {
            ReadRun(_offset, floats.Values);
            return floats;
        }
        // From the first to the last element that the view touches, then picked.
        long span = 1;
        for (int i = 0; i < Shape.Length; i++) { span += (Shape[i] - 1) * _strides[i]; }
        float[] run = new float[checked((int)span)];
        ReadRun(_offset, run);
        Pick(run, floats.Values);
        return floats;
    }

    private bool IsContiguous()
    {
        long stride = 1;
        for (int i = Shape.Length - 1; i >= 0; i--)
        {
            if (Shape[i] != 1 && _strides[i] != stride) { return false; }
            stride *= Shape[i];
        }
        return true;
    }

    private void Pick(ReadOnlySpan<float> run, Span<float> into)
    {
        long[] at = new long[Shape.Length];
        for (int i = 0; i < into.Length; i++)
        {
            long position = 0;
            for (int side = 0; side < at.Length; side++) { position += at[side] * _strides[side]; }
            into[i] = run[(int)position];
            for (int side = at.Length - 1; side >= 0 && ++at[side] == Shape[side]; side--) { at[side] = 0; }
        }
    }

    private void ReadRun(long element, Span<float> into)
    {
        if (Type == ElementType.Float32)
        {
            _storage.Read(element, MemoryMarshal.AsBytes(into));
            return;
        }
        int size = ElementTypes.SizeOf(Type);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(Math.Min(into.Length, 1 << 18) * size);
        while (into.Length > 0)
        {
            int count = Math.Min(into.Length, buffer.Length / size);
            Span<byte> bytes = buffer.AsSpan(0, count * size);
            _storage.Read(element, bytes);
            Widen(bytes, into[..count]);
            into = into[count..];
            element += count;
        }
    }

    private void Widen(ReadOnlySpan<byte> bytes, Span<float> into)
    {
        switch (Type)
        {
            case ElementType.Float16: TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), into); break;
            case ElementType.BFloat16:
                // The upper half of a float32.
                ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < into.Length; i++) { into[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16); }
                break;
            case ElementType.Float64: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), into); break;
            case ElementType.Int64: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, long>(bytes), into); break;
            case ElementType.UInt64: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, ulong>(bytes), into); break;
            case ElementType.Int32: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, int>(bytes), into); break;
            case ElementType.UInt32: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, uint>(bytes), into); break;
            case ElementType.Int16: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, short>(bytes), into); break;
            case ElementType.UInt16: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, ushort>(bytes), into); break;
            case ElementType.Int8: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, sbyte>(bytes), into); break;
            default: TensorPrimitives.ConvertTruncating(bytes, into); break;
        }
    }
}
