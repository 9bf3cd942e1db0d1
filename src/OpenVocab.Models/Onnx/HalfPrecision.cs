using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OpenVocab.Models.Onnx;

/// <summary>float32 to float16, rounded to the nearest.</summary>
internal static class HalfPrecision
{
    private const float Largest = 65_504;

    /// <param name="bytes">Little-endian float32.</param>
    /// <returns>Little-endian float16.</returns>
    /// <exception cref="ModelException">A number is larger than float16 can be.</exception>
    internal static byte[] Of(byte[] bytes)
    {
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(bytes);
        if (TensorPrimitives.MaxMagnitude(values) is var most && MathF.Abs(most) > Largest)
        {
            throw new ModelException(Invariant($"A weight is {most}; float16 reaches to {Largest}."), "Import the model without --half.");
        }
        byte[] halves = GC.AllocateUninitializedArray<byte>(bytes.Length / 2);
        TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(halves.AsSpan()));
        return halves;
    }
}
