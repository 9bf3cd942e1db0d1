namespace OpenVocab.Models.Checkpoints;

/// <summary>How a number is stored, little-endian.</summary>
internal enum ElementType { Bool, UInt8, Int8, Int16, UInt16, Float16, BFloat16, Int32, UInt32, Float32, Float64, Int64, UInt64 }

internal static class ElementTypes
{
    internal static int SizeOf(ElementType type) => type switch
    {
        ElementType.Bool or ElementType.UInt8 or ElementType.Int8 => 1,
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Int32 or ElementType.UInt32 or ElementType.Float32 => 4,
        _ => 8,
    };

    internal static bool IsFloat(ElementType type) => type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64;
}
