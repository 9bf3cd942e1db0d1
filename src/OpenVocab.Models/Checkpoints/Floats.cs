using System.Runtime.InteropServices;

namespace OpenVocab.Models.Checkpoints;

/// <summary>Numbers with their shape, in memory that a graph can take over as it is: weights exist once.</summary>
internal sealed class Floats
{
    /// <summary>Zeros.</summary>
    /// <param name="count">The product of <paramref name="shape"/>.</param>
    /// <param name="shape">Sides, slowest first.</param>
    internal Floats(int count, params long[] shape)
    {
        Shape = shape;
        Bytes = new byte[count * sizeof(float)];
    }

    internal Floats(ReadOnlySpan<float> values, params long[] shape) : this(values.Length, shape) => values.CopyTo(Values);

    internal long[] Shape { get; }

    /// <summary>Little-endian float32.</summary>
    internal byte[] Bytes { get; }

    internal Span<float> Values => MemoryMarshal.Cast<byte, float>(Bytes.AsSpan());

    internal int Count => Bytes.Length / sizeof(float);
}
