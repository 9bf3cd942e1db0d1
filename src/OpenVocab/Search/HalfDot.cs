using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenVocab.Search;

/// <summary>
/// The inner product of a row of halves and a row of floats, in one pass: halves are half of the memory, which is what bounds a scan, and widening them on the way costs less than
/// reading floats would. (.NET has no instruction of its own for it: the bits are moved.)
/// </summary>
internal static class HalfDot
{
    /// <summary>
    /// What a query is multiplied by before: 2^112. A half is 1 sign, 5 exponent and 10 fraction bits, a float 1, 8 and 23: moved left by 13, exponent and fraction lie where a float has them,
    /// and what the biases of the exponents differ in (15 and 127) is this factor; subnormal halves included, and exact. On the query it costs nothing; multiplied with the sum, many products before would be
    /// subnormal floats, which take a processor some 150 cycles each: the scan would take five times as long.
    /// </summary>
    internal const float Scale = 5.192296858534828e33f;

    // Of the sign-extended half, the copies of the sign go, but for the first.
    private const int Kept = unchecked((int)0x8FFF_E000);

    /// <summary>The inner product.</summary>
    /// <param name="row">Finite halves: infinity and NaN would count as numbers.</param>
    /// <param name="query">As long as <paramref name="row"/>, each number at most 1 and times <see cref="Scale"/>.</param>
    /// <returns>The sum in the order of the machine's vectors: the same for the same rows, whatever thread asks.</returns>
    internal static float Of(ReadOnlySpan<Half> row, ReadOnlySpan<float> query)
    {
        int lanes = Vector<float>.Count, i = 0;
        ref short bits = ref Unsafe.As<Half, short>(ref MemoryMarshal.GetReference(row));
        ref float other = ref MemoryMarshal.GetReference(query[..row.Length]);
        // Four sums: an addition takes four cycles, and one could begin in each.
        Vector<float> a = default, b = default, c = default, d = default;
        for (; i <= row.Length - 4 * lanes; i += 4 * lanes)
        {
            Vector.Widen(Vector.LoadUnsafe(ref bits, (nuint)i), out Vector<int> first, out Vector<int> second);
            Vector.Widen(Vector.LoadUnsafe(ref bits, (nuint)(i + 2 * lanes)), out Vector<int> third, out Vector<int> fourth);
            a = Vector.FusedMultiplyAdd(Moved(first), Vector.LoadUnsafe(ref other, (nuint)i), a);
            b = Vector.FusedMultiplyAdd(Moved(second), Vector.LoadUnsafe(ref other, (nuint)(i + lanes)), b);
            c = Vector.FusedMultiplyAdd(Moved(third), Vector.LoadUnsafe(ref other, (nuint)(i + 2 * lanes)), c);
            d = Vector.FusedMultiplyAdd(Moved(fourth), Vector.LoadUnsafe(ref other, (nuint)(i + 3 * lanes)), d);
        }
        float sum = Vector.Sum((a + b) + (c + d));
        for (; i < row.Length; i++) { sum += BitConverter.Int32BitsToSingle((Unsafe.Add(ref bits, i) << 13) & Kept) * query[i]; }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Moved(Vector<int> half) => Vector.AsVectorSingle((half << 13) & new Vector<int>(Kept));
}
