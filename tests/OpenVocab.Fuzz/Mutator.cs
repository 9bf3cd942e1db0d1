using System.Buffers.Binary;

namespace OpenVocab.Fuzz;

/// <summary>Changes bytes as damage and malice do: flipped bits, numbers at the edges, parts cut out, doubled, moved, and taken from another file. The same seed gives the same files.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly uint[] s_edges = [0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF];

    private readonly Random _random = new(seed);

    /// <summary>One of several.</summary>
    internal T Choose<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    internal bool Chance(double share) => _random.NextDouble() < share;

    internal byte[] Mutate(byte[] original, byte[] other)
    {
        byte[] bytes = [.. original];
        for (int changes = 1 + _random.Next(3) * _random.Next(2); changes > 0; changes--) { bytes = Change(bytes, other); }
        return bytes;
    }

    private byte[] Change(byte[] bytes, byte[] other)
    {
        if (bytes.Length < 8) { return [.. bytes, (byte)_random.Next(256)]; }
        int at = _random.Next(bytes.Length), length = Math.Min(1 + _random.Next(64), bytes.Length - at);
        switch (_random.Next(8))
        {
            case 0: bytes[at] ^= (byte)(1 << _random.Next(8)); return bytes;
            case 1: bytes[at] = (byte)_random.Next(256); return bytes;
            case 2:
                if (at + 4 <= bytes.Length) { BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), Choose(s_edges)); }
                return bytes;
            case 3: return [.. bytes[..at], .. bytes[(at + length)..]];
            case 4: return [.. bytes[..at], .. bytes.AsSpan(at, length), .. bytes[at..]];
            case 5: return bytes[..at];
            case 6:
                _random.NextBytes(bytes.AsSpan(at, length));
                return bytes;
            default:
                int from = _random.Next(other.Length), count = Math.Min(length, other.Length - from);
                return [.. bytes[..at], .. other.AsSpan(from, count), .. bytes[Math.Min(at + count, bytes.Length)..]];
        }
    }
}
