using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenVocab.Imaging;

/// <summary>
/// Turns rows of blue-green-red bytes into three float planes, red first, 0 to 1. The values are those of a float32 division by 255,
/// as the reference computes them; multiplying by 1/255 is not the same for every byte.
/// </summary>
internal static class PixelPacker
{
    /// <summary>Grey of the border around a letterboxed picture.</summary>
    internal const byte BorderLevel = 114;

    private static readonly float[] s_unit = [.. Enumerable.Range(0, 256).Select(level => level / 255f)];

    /// <summary>Packs one row of pixels.</summary>
    /// <param name="pixels">Blue, green, red, blue, …: 3 bytes a pixel.</param>
    /// <param name="red">As long as the row has pixels.</param>
    /// <param name="green">The same.</param>
    /// <param name="blue">The same.</param>
    internal static void PackRow(ReadOnlySpan<byte> pixels, Span<float> red, Span<float> green, Span<float> blue)
    {
        int done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; done <= red.Length - 16; done += 16)
            {
                // 48 bytes hold 16 pixels; each plane's 16 bytes are gathered from the three vectors by three shuffles.
                ref byte at = ref Unsafe.AsRef(in pixels[done * 3]);
                Vector128<byte> first = Vector128.LoadUnsafe(ref at);
                Vector128<byte> second = Vector128.LoadUnsafe(ref at, 16);
                Vector128<byte> third = Vector128.LoadUnsafe(ref at, 32);
                Store(Gather(first, second, third, 2), ref red[done]);
                Store(Gather(first, second, third, 1), ref green[done]);
                Store(Gather(first, second, third, 0), ref blue[done]);
            }
        }
        PackRowScalar(pixels[(done * 3)..], red[done..], green[done..], blue[done..]);
    }

    /// <summary>The same without vectors: the reference of the tests and the rest of a row.</summary>
    internal static void PackRowScalar(ReadOnlySpan<byte> pixels, Span<float> red, Span<float> green, Span<float> blue)
    {
        for (int i = 0, at = 0; i < red.Length; i++, at += 3)
        {
            blue[i] = s_unit[pixels[at]];
            green[i] = s_unit[pixels[at + 1]];
            red[i] = s_unit[pixels[at + 2]];
        }
    }

    /// <summary>Value of the border in a plane.</summary>
    internal static float Border => s_unit[BorderLevel];

    // Byte i of a plane is byte 3i + channel of the 48; an index outside of a vector gives 0 there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Gather(Vector128<byte> first, Vector128<byte> second, Vector128<byte> third, int channel) => channel switch
    {
        0 => Vector128.Shuffle(first, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13)),
        1 => Vector128.Shuffle(first, Vector128.Create((byte)1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14)),
        _ => Vector128.Shuffle(first, Vector128.Create((byte)2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> levels, ref float plane)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(levels);
        Vector256<uint> lower = Vector256.Create(Vector128.WidenLower(low), Vector128.WidenUpper(low));
        Vector256<uint> upper = Vector256.Create(Vector128.WidenLower(high), Vector128.WidenUpper(high));
        Vector256.StoreUnsafe(Unit(lower), ref plane);
        Vector256.StoreUnsafe(Unit(upper), ref plane, 8);
    }

    // A division by 255 in three steps that are cheaper than a division: quotient, its remainder, correction. Equal to the division for
    // all 256 levels (a test holds this).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Unit(Vector256<uint> levels)
    {
        Vector256<float> value = Vector256.ConvertToSingle(levels.AsInt32());
        Vector256<float> inverse = Vector256.Create(1f / 255f);
        Vector256<float> quotient = value * inverse;
        Vector256<float> remainder = Vector256.FusedMultiplyAdd(quotient, Vector256.Create(-255f), value);
        return Vector256.FusedMultiplyAdd(remainder, inverse, quotient);
    }
}
