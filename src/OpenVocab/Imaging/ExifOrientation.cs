using System.Buffers.Binary;

namespace OpenVocab.Imaging;

/// <summary>How a camera was held when it took a JPEG, as its EXIF data say. Read without decoding, from bytes that may be anything.</summary>
internal static class ExifOrientation
{
    internal const int Upright = 1;

    private const int Tag = 0x0112, Short = 3, EntryBytes = 12;

    /// <summary>True for the four orientations in which width and height change places.</summary>
    internal static bool Turns(int orientation) => orientation is >= 5 and <= 8;

    /// <summary>Finds the orientation.</summary>
    /// <param name="jpeg">The file, or its beginning up to the frame's header.</param>
    /// <returns>1 to 8; 1 where the bytes do not say, or say something else.</returns>
    internal static int Read(ReadOnlySpan<byte> jpeg)
    {
        for (int at = 2; at + 4 <= jpeg.Length;)
        {
            byte marker = jpeg[at + 1];
            if (jpeg[at] != 0xFF || marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }
            // Behind the frame's header (or the end, or the pixels) a decoder no longer looks for it.
            if (marker is 0xD9 or 0xDA or (>= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))) { return Upright; }
            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            ReadOnlySpan<byte> segment = jpeg[(at + 4)..Math.Min(at + 2 + Math.Max(length, 2), jpeg.Length)];
            if (marker == 0xE1 && segment.StartsWith("Exif\0\0"u8)) { return FromTiff(segment[6..]); }
            at += 2 + Math.Max(length, 2);
        }
        return Upright;
    }

    private static int FromTiff(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || !(little || tiff.StartsWith("MM\0*"u8))) { return Upright; }
        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2) { return Upright; }
        ReadOnlySpan<byte> entries = tiff[(int)directory..];
        int count = Number16(entries, little);
        for (int i = 0, at = 2; i < count && at + EntryBytes <= entries.Length; i++, at += EntryBytes)
        {
            ReadOnlySpan<byte> entry = entries.Slice(at, EntryBytes);
            if (Number16(entry, little) != Tag || Number16(entry[2..], little) != Short) { continue; }
            return Number16(entry[8..], little) is >= 1 and <= 8 and var orientation ? orientation : Upright;
        }
        return Upright;
    }

    private static int Number16(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
