using System.Buffers.Binary;

namespace OpenVocab.Sinks;

/// <summary>
/// The smallest Matroska stream that carries raw pictures with a time stamp each: the way to hand an encoder frames whose distances differ, because raw video
/// itself has no times (RFC 9559, RFC 8794).
/// </summary>
/// <remarks>Every frame is a cluster of unknown length of its own, so nothing has to be known ahead and time stamps may be any.</remarks>
internal sealed class MatroskaRawWriter
{
    /// <summary>Microseconds a unit: finer than any camera, and a whole number of nanoseconds, in which the format counts.</summary>
    private const int NanosecondsPerUnit = 1000;

    private readonly Stream _output;
    private readonly int _frameBytes;

    internal MatroskaRawWriter(Stream output, int width, int height)
    {
        (_output, _frameBytes) = (output, width * height * 3);
        byte[] head = Element(0x1A45DFA3, [
            .. Number(0x4286, 1), .. Number(0x42F7, 1), .. Number(0x42F2, 4), .. Number(0x42F3, 8),
            .. Element(0x4282, "matroska"u8), .. Number(0x4287, 4), .. Number(0x4285, 2)]);
        byte[] info = Element(0x1549A966, [.. Number(0x2AD7B1, NanosecondsPerUnit), .. Element(0x4D80, "OpenVocab"u8), .. Element(0x5741, "OpenVocab"u8)]);
        byte[] video = Element(0xE0, [.. Number(0xB0, width), .. Number(0xBA, height), .. Element(0x2EB524, [(byte)'B', (byte)'G', (byte)'R', 24])]);
        byte[] track = Element(0xAE, [.. Number(0xD7, 1), .. Number(0x73C5, 1), .. Number(0x83, 1), .. Element(0x86, "V_UNCOMPRESSED"u8), .. video]);
        _output.Write(head);
        _output.Write([0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]); // Segment of unknown length
        _output.Write(info);
        _output.Write(Element(0x1654AE6B, track));
    }

    /// <summary>Appends a frame.</summary>
    /// <param name="pixels">Blue, green, red, row after row without gaps.</param>
    /// <param name="time">Not before the last one's.</param>
    internal void Write(ReadOnlySpan<byte> pixels, TimeSpan time)
    {
        if (pixels.Length != _frameBytes) { throw new ArgumentException($"A frame has {_frameBytes} bytes, not {pixels.Length}.", nameof(pixels)); }
        long units = time.Ticks * 100 / NanosecondsPerUnit;
        _output.Write([0x1F, 0x43, 0xB6, 0x75, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]); // Cluster of unknown length
        _output.Write(Number(0xE7, units));
        Span<byte> block = stackalloc byte[13];
        block[0] = 0xA3; // SimpleBlock
        WriteLength(block[1..9], _frameBytes + 4);
        block[9] = 0x81; // track 1
        block[10] = block[11] = 0; // at the cluster's own time
        block[12] = 0x80; // key frame
        _output.Write(block);
        _output.Write(pixels);
    }

    private static byte[] Number(uint id, long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Element(id, bytes);
    }

    private static byte[] Element(uint id, ReadOnlySpan<byte> content)
    {
        byte[] idBytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(idBytes, id);
        byte[] length = new byte[8];
        WriteLength(length, content.Length);
        return [.. idBytes.AsSpan().TrimStart((byte)0), .. length, .. content];
    }

    // Lengths may be written in up to eight bytes; the longest form is always allowed.
    private static void WriteLength(Span<byte> into, long length)
    {
        BinaryPrimitives.WriteInt64BigEndian(into, length);
        into[0] = 0x01;
    }
}
