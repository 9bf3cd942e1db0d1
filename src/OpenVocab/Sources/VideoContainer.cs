namespace OpenVocab.Sources;

/// <summary>
/// Recognises video files by their first bytes. The name is not believed: a playlist that is called .mp4 would make the decoder open the files
/// that it names.
/// </summary>
internal static class VideoContainer
{
    internal const int BytesNeeded = 600;

    /// <summary>Name of the container, or null.</summary>
    internal static string? Recognize(ReadOnlySpan<byte> start)
    {
        if (start.Length >= 12 && IsBoxOfMp4(start.Slice(4, 4))) { return "mp4"; }
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])) { return "matroska"; }
        if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("AVI "u8)) { return "avi"; }
        if (start.StartsWith("FLV"u8)) { return "flv"; }
        if (start.StartsWith("OggS"u8)) { return "ogg"; }
        if (start.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11])) { return "asf"; }
        if (start.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0xBA]) || start.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0xB3])) { return "mpeg"; }
        return IsTransportStream(start) ? "mpegts" : null;
    }

    // What a file may begin with: its type, a fragment's type, its index, or its data, with or without a gap before them (ISO/IEC 14496-12, QuickTime).
    private static bool IsBoxOfMp4(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("ftyp"u8) || type.SequenceEqual("styp"u8) || type.SequenceEqual("moov"u8) || type.SequenceEqual("mdat"u8) ||
        type.SequenceEqual("wide"u8) || type.SequenceEqual("free"u8) || type.SequenceEqual("skip"u8);

    // 188 bytes a packet, each beginning with G; camcorders (.m2ts) put a time of four bytes before each.
    private static bool IsTransportStream(ReadOnlySpan<byte> start) => HasPackets(start, 0, 188) || HasPackets(start, 4, 192);

    private static bool HasPackets(ReadOnlySpan<byte> start, int first, int length) =>
        start.Length > first + 2 * length && start[first] == 0x47 && start[first + length] == 0x47 && start[first + 2 * length] == 0x47;
}
