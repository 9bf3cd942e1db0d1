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
        if (start.Length >= 12 && (start[4..].StartsWith("ftyp"u8) || start[4..].StartsWith("moov"u8) || start[4..].StartsWith("mdat"u8) || start[4..].StartsWith("wide"u8) || start[4..].StartsWith("free"u8))) { return "mp4"; }
        if (start.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])) { return "matroska"; }
        if (start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("AVI "u8)) { return "avi"; }
        if (start.StartsWith("FLV"u8)) { return "flv"; }
        if (start.StartsWith("OggS"u8)) { return "ogg"; }
        if (start.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11])) { return "asf"; }
        if (start.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0xBA]) || start.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0xB3])) { return "mpeg"; }
        return IsTransportStream(start) ? "mpegts" : null;
    }

    // 188 bytes a packet, each beginning with G.
    private static bool IsTransportStream(ReadOnlySpan<byte> start) =>
        start.Length > 2 * 188 && start[0] == 0x47 && start[188] == 0x47 && start[2 * 188] == 0x47;
}
