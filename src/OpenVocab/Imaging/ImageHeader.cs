using System.Buffers.Binary;

namespace OpenVocab.Imaging;

/// <summary>What the first bytes of a picture say, read without decoding.</summary>
/// <param name="Format">Name for people: JPEG, PNG …</param>
/// <param name="Width">Pixels; 0 if the header does not tell.</param>
/// <param name="Height">Pixels; 0 if the header does not tell.</param>
/// <param name="Decodable">False for formats that are recognised only to be named.</param>
internal readonly record struct ImageHeader(string Format, long Width, long Height, bool Decodable = true)
{
    /// <summary>Reads the header, or gives null where the bytes are no picture that has a name here.</summary>
    internal static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) { return Jpeg(bytes); }
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10])) { return Png(bytes); }
        if (bytes.StartsWith("GIF8"u8)) { return bytes.Length < 10 ? new("GIF", 0, 0) : new("GIF", Little16(bytes[6..]), Little16(bytes[8..])); }
        if (bytes.StartsWith("BM"u8) && bytes.Length >= 26 && bytes[14] is 12 or 40 or 52 or 56 or 108 or 124) { return Bmp(bytes); }
        if (bytes.StartsWith("RIFF"u8) && bytes.Length >= 16 && bytes[8..].StartsWith("WEBP"u8)) { return WebP(bytes); }
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8)) { return Tiff(bytes); }
        return Foreign(bytes) is { } name ? new(name, 0, 0, Decodable: false) : null;
    }

    /// <summary>True if a JPEG runs to its end marker. Walks from marker to marker: what lies behind the end, or inside a thumbnail, does not count.</summary>
    internal static bool JpegHasEnd(ReadOnlySpan<byte> bytes)
    {
        int at = 2;
        while (at + 1 < bytes.Length)
        {
            byte marker = bytes[at + 1];
            if (bytes[at] != 0xFF || marker is 0x00 or 0xFF or (>= 0xD0 and <= 0xD7))
            {
                at++; // pixels, padding, or a restart between them
                continue;
            }
            if (marker == 0xD9) { return true; }
            if (at + 3 >= bytes.Length) { return false; }
            at += 2 + Big16(bytes[(at + 2)..]);
        }
        return false;
    }

    private static ImageHeader Jpeg(ReadOnlySpan<byte> bytes)
    {
        int at = 2;
        while (at + 9 < bytes.Length)
        {
            if (bytes[at] != 0xFF)
            {
                at++;
                continue;
            }
            byte marker = bytes[at + 1];
            // Start of frame, except the tables that share its range.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) { return new("JPEG", Big16(bytes[(at + 7)..]), Big16(bytes[(at + 5)..])); }
            at += marker is 0xFF ? 1 : marker is 0x01 or (>= 0xD0 and <= 0xD8) ? 2 : 2 + Math.Max(Big16(bytes[(at + 2)..]), 2);
        }
        return new("JPEG", 0, 0);
    }

    private static ImageHeader Png(ReadOnlySpan<byte> bytes) => bytes.Length < 24
        ? new("PNG", 0, 0)
        : new("PNG", BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]));

    private static ImageHeader Bmp(ReadOnlySpan<byte> bytes) => bytes[14] == 12
        ? new("BMP", Little16(bytes[18..]), Little16(bytes[20..]))
        : new("BMP", Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes[18..])), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes[22..])));

    private static ImageHeader WebP(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 30) { return new("WebP", 0, 0); }
        ReadOnlySpan<byte> kind = bytes.Slice(12, 4);
        if (kind.SequenceEqual("VP8X"u8)) { return new("WebP", 1 + Little24(bytes[24..]), 1 + Little24(bytes[27..])); }
        if (kind.SequenceEqual("VP8L"u8))
        {
            uint packed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[21..]);
            return new("WebP", 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF));
        }
        return new("WebP", Little16(bytes[26..]) & 0x3FFF, Little16(bytes[28..]) & 0x3FFF);
    }

    private static ImageHeader Tiff(ReadOnlySpan<byte> bytes)
    {
        bool little = bytes[0] == (byte)'I';
        uint Number32(ReadOnlySpan<byte> from) => little ? BinaryPrimitives.ReadUInt32LittleEndian(from) : BinaryPrimitives.ReadUInt32BigEndian(from);
        ushort Number16(ReadOnlySpan<byte> from) => little ? BinaryPrimitives.ReadUInt16LittleEndian(from) : BinaryPrimitives.ReadUInt16BigEndian(from);
        if (bytes.Length < 8 || Number32(bytes[4..]) is var directory && directory + 2L > bytes.Length) { return new("TIFF", 0, 0); }
        long width = 0, height = 0;
        string format = "TIFF";
        int entries = Number16(bytes[(int)directory..]);
        for (int i = 0; i < entries; i++)
        {
            long at = directory + 2L + i * 12L;
            if (at + 12 > bytes.Length) { break; }
            ReadOnlySpan<byte> entry = bytes.Slice((int)at, 12);
            long value = Number16(entry[2..]) == 3 ? Number16(entry[8..]) : Number32(entry[8..]);
            switch (Number16(entry))
            {
                case 256: width = value; break;
                case 257: height = value; break;
                case 339 when value == 3: format = FloatTiff; break;
            }
        }
        return new(format, width, height, Decodable: format != FloatTiff);
    }

    internal const string FloatTiff = "TIFF with floating-point pixels";

    private static string? Foreign(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 12 && bytes[4..].StartsWith("ftyp"u8))
        {
            ReadOnlySpan<byte> brand = bytes.Slice(8, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8)) { return "AVIF"; }
            if (brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("hevc"u8)) { return "HEIC"; }
        }
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]) || bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L'])) { return "JPEG XL"; }
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 12, (byte)'j', (byte)'P'])) { return "JPEG 2000"; }
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x76, 0x2F, 0x31, 0x01])) { return "OpenEXR"; }
        if (bytes.StartsWith("#?RADIANCE"u8) || bytes.StartsWith("#?RGBE"u8)) { return "Radiance HDR"; }
        if (bytes.StartsWith("%PDF"u8)) { return "PDF"; }
        if (bytes.StartsWith("8BPS"u8)) { return "Photoshop"; }
        ReadOnlySpan<byte> start = bytes[..Math.Min(bytes.Length, 512)];
        return start.IndexOf("<svg"u8) >= 0 ? "SVG" : null;
    }

    private static int Big16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static int Little16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static int Little24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;
}
