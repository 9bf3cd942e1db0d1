using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace OpenVocab.Inference;

/// <summary>The element types in which networks give and take numbers, and their way to float32 and back.</summary>
internal static class ElementTypes
{
    /// <summary>How a person writes the type.</summary>
    internal static string NameOf(TensorElementType type) => type switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.Float16 => "float16",
        TensorElementType.Double => "float64",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>True for float32 and float16: what pictures, texts, boxes and scores may be.</summary>
    internal static bool IsFloat(TensorElementType type) => type is TensorElementType.Float or TensorElementType.Float16;

    /// <summary>Bytes of an element, or 0 for a type that is not read.</summary>
    internal static int SizeOf(TensorElementType type) => type switch
    {
        TensorElementType.Float or TensorElementType.Int32 => 4,
        TensorElementType.Double or TensorElementType.Int64 => 8,
        TensorElementType.Float16 => 2,
        TensorElementType.UInt8 => 1,
        _ => 0,
    };

    /// <summary>Converts to float32.</summary>
    /// <param name="type">One that <see cref="SizeOf"/> knows.</param>
    /// <param name="raw">The elements as they lie in memory.</param>
    /// <param name="into">As many as there are elements.</param>
    internal static void Widen(TensorElementType type, ReadOnlySpan<byte> raw, Span<float> into)
    {
        switch (type)
        {
            case TensorElementType.Float: MemoryMarshal.Cast<byte, float>(raw).CopyTo(into); break;
            case TensorElementType.Float16: TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(raw), into); break;
            case TensorElementType.Double: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(raw), into); break;
            case TensorElementType.Int64: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, long>(raw), into); break;
            case TensorElementType.Int32: TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, int>(raw), into); break;
            default: TensorPrimitives.ConvertTruncating(raw, into); break;
        }
    }

    /// <summary>Converts numbers between 0 and 1 to what an input takes: uint8 gets 0 to 255.</summary>
    /// <param name="type">float32, float16 or uint8.</param>
    /// <param name="values">The numbers.</param>
    /// <param name="into">As many elements, as bytes.</param>
    internal static void Narrow(TensorElementType type, ReadOnlySpan<float> values, Span<byte> into)
    {
        switch (type)
        {
            case TensorElementType.Float: values.CopyTo(MemoryMarshal.Cast<byte, float>(into)); break;
            case TensorElementType.Float16: TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(into)); break;
            default:
                for (int i = 0; i < values.Length; i++) { into[i] = (byte)MathF.Round(values[i] * 255f); }
                break;
        }
    }
}
