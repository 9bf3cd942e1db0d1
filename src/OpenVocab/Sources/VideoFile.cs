namespace OpenVocab.Sources;

/// <summary>What both decoders of video files have in common: what is let in, and what counts as damage.</summary>
internal static class VideoFile
{
    /// <summary>Refuses what does not begin as a video container does, playlists above all.</summary>
    /// <exception cref="SourceException">The file is missing, empty or no video.</exception>
    internal static void CheckContent(string path)
    {
        byte[] start = new byte[VideoContainer.BytesNeeded];
        int read;
        try
        {
            using FileStream file = File.OpenRead(path);
            read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (FileNotFoundException fault) { throw new SourceException(SourceFault.NotFound, $"{path}: there is no such file.", "Check the path.", fault); }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceFault.NotReadable, $"{path}: the file cannot be read: {fault.Message}", "Check its rights.", fault);
        }
        if (read == 0) { throw new SourceException(SourceFault.Damaged, $"{path}: the file is empty (0 bytes).", "Fetch it again."); }
        if (VideoContainer.Recognize(start.AsSpan(0, read)) is null && !start.AsSpan().StartsWith("GIF8"u8))
        {
            throw new SourceException(SourceFault.Unsupported, $"{path}: this is no video file that is known.", "Give an mp4, mov, mkv, webm, avi, ts, mpg, flv, wmv or ogv.");
        }
    }

    /// <summary>
    /// What the file's own end says, or null: the last page of an Ogg file is marked as the last (RFC 3533, section 6), and nothing else tells that one is cut off.
    /// </summary>
    internal static string? CheckEnd(string path, string format)
    {
        const int LargestPage = 27 + 255 + 255 * 255;
        if (format != "ogg") { return null; }
        using FileStream file = File.OpenRead(path);
        byte[] end = new byte[Math.Min(file.Length, LargestPage)];
        file.Seek(-end.Length, SeekOrigin.End);
        file.ReadExactly(end);
        int page = end.AsSpan().LastIndexOf("OggS"u8);
        bool isLast = page >= 0 && page + 5 < end.Length && (end[page + 5] & 4) != 0;
        return isLast ? null : "its last page is missing";
    }

    /// <summary>A sentence on what is missing or damaged, or null.</summary>
    /// <param name="frames">Frames that were read.</param>
    /// <param name="last">Time of the last of them.</param>
    /// <param name="promised">Frames that the container counts.</param>
    /// <param name="duration">Length that the container gives.</param>
    /// <param name="rate">Nominal rate.</param>
    /// <param name="countIsExact">True where a container's count is reason enough.</param>
    /// <param name="complaints">How often the decoder complained.</param>
    /// <param name="complaint">Its first complaint.</param>
    internal static string? DescribeDamage(
        long frames, TimeSpan last, long? promised, TimeSpan? duration, FrameRate? rate, bool countIsExact, int complaints, string? complaint)
    {
        List<string> parts = [];
        // Two frames or two in a hundred: containers round, and some count the last frame twice.
        long missing = promised - frames ?? 0;
        bool fewer = missing > Math.Max(2, promised / 50 ?? 0);
        double frame = rate is { } known ? 1 / known.PerSecond : 0.1;
        double tail = duration is { } length ? (length - last).TotalSeconds : 0;
        bool shorter = tail > Math.Max(3 * frame, 0.02 * duration?.TotalSeconds ?? 0);
        if (fewer && (shorter || countIsExact)) { parts.Add($"{frames} of {promised} frames could be read"); }
        else if (shorter && promised is null && tail > Math.Max(3 * frame, 0.5)) { parts.Add(Invariant($"it ends at {last.TotalSeconds:0.##} s of {duration?.TotalSeconds:0.##} s")); }
        if (complaint is not null) { parts.Add($"the decoder complained{(complaints > 1 ? $" {complaints} times" : "")}: {complaint}"); }
        return parts.Count == 0 ? null : $"the file is damaged or incomplete: {string.Join("; ", parts)}.";
    }
}
