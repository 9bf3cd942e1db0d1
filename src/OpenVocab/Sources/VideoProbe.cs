using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using OpenVocab.Imaging;
using OpenVocab.Media;

namespace OpenVocab.Sources;

/// <summary>What ffprobe says of a video file.</summary>
internal sealed record VideoProbe
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Size as it is shown, rotation applied.</summary>
    internal required int Width { get; init; }

    internal required int Height { get; init; }

    /// <summary>The rate in which all time stamps fit, or null.</summary>
    internal FrameRate? FrameRate { get; init; }

    /// <summary>True where the average rate is another: distances between frames differ.</summary>
    internal bool VariableRate { get; init; }

    /// <summary>Frames that the container counts, or null.</summary>
    internal long? FrameCount { get; init; }

    /// <summary>Packets of pictures that were counted where the container counts no frames, or null; nearly always the number of frames.</summary>
    internal long? PacketCount { get; init; }

    /// <summary>Length of the video stream, or null.</summary>
    internal TimeSpan? Duration { get; init; }

    internal bool HasAudio { get; init; }

    /// <summary>Name of the container, as ffprobe has it.</summary>
    internal required string Format { get; init; }

    /// <summary>Asks ffprobe.</summary>
    /// <exception cref="SourceException">The file cannot be opened, has no pictures, or they are too large.</exception>
    internal static VideoProbe Run(string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        using JsonDocument document = JsonDocument.Parse(RunProcess(path, ["-print_format", "json", "-show_format", "-show_streams"], cancellationToken));
        JsonElement root = document.RootElement;
        JsonElement[] streams = root.TryGetProperty("streams", out JsonElement list) ? [.. list.EnumerateArray()] : [];
        JsonElement video = streams.FirstOrDefault(stream => Text(stream, "codec_type") == "video" && Number(stream, "width") > 0);
        if (video.ValueKind == JsonValueKind.Undefined)
        {
            throw new SourceException(SourceFault.Unsupported, $"{path}: there is no video in this file.", "Give a file with pictures, not sound alone.");
        }
        int width = (int)Math.Clamp(Number(video, "width"), 0, int.MaxValue), height = (int)Math.Clamp(Number(video, "height"), 0, int.MaxValue);
        if ((long)width * height > limits.MaxPixels || Math.Max(width, height) > limits.MaxSide)
        {
            throw new SourceException(
                SourceFault.TooLarge, $"{path}: its frames are {width} x {height}; at most {limits.MaxPixels} pixels and {limits.MaxSide} a side are decoded.",
                "Make it smaller, or allow it with --max-pixels (in code: ImageLimits.MaxPixels).");
        }
        if (IsOnItsSide(video)) { (width, height) = (height, width); }
        FrameRate? nominal = Rate(Text(video, "r_frame_rate")), average = Rate(Text(video, "avg_frame_rate"));
        string container = root.TryGetProperty("format", out JsonElement format) ? Text(format, "format_name") : "";
        // Only mp4 and avi compute their average from the frames; others repeat what their header claims, so the time stamps must tell.
        PacketTimes? times = nominal is { } claimed && nominal == average && !container.Contains("mp4", StringComparison.Ordinal) && container != "avi"
            ? ReadTimes(path, claimed, Rate(Text(video, "time_base")), cancellationToken)
            : null;
        // Matroska and FLV keep the length of the whole file in their header; elsewhere it is guessed from the bit rate, and with sound it may be the sound's.
        bool sound = streams.Any(stream => Text(stream, "codec_type") == "audio");
        return new()
        {
            Width = width,
            Height = height,
            FrameRate = nominal ?? average,
            VariableRate = nominal is null || nominal != average || times is { AreRegular: false },
            PacketCount = times is { Count: > 0 } ? times.Count : null,
            FrameCount = Number(video, "nb_frames") is > 0 and < 1_000_000_000 and var frames ? (long)frames : null,
            Duration = Seconds(video) ?? (!sound && (container.Contains("matroska", StringComparison.Ordinal) || container == "flv") ? Seconds(format) : null),
            HasAudio = sound,
            Format = container,
        };
    }

    private static PacketTimes ReadTimes(string path, FrameRate claimed, FrameRate? clock, CancellationToken cancellationToken)
    {
        try
        {
            return PacketTimes.Parse(RunProcess(path, ["-select_streams", "v:0", "-show_entries", "packet=pts", "-of", "csv=p=0"], cancellationToken), claimed, clock);
        }
        catch (SourceException)
        {
            // Too long for the time that is given, or damaged: taken for irregular, each frame keeps its own time, which is never wrong.
            return new(0, AreRegular: false);
        }
    }

    private static byte[] RunProcess(string path, string[] question, CancellationToken cancellationToken)
    {
        string[] arguments = ["-v", "error", .. Ffmpeg.FileInputLimits, .. question, "-i", Ffmpeg.FileArgument(path)];
        try
        {
            using FfmpegProcess probe = FfmpegProcess.Start(Ffmpeg.ProbePath!, arguments);
            using CancellationTokenRegistration stop = cancellationToken.Register(probe.Kill);
            using Timer timer = new(_ => probe.Kill(), null, s_patience, Timeout.InfiniteTimeSpan);
            using MemoryStream output = new();
            probe.Output.CopyTo(output);
            probe.WaitForExit(s_patience);
            cancellationToken.ThrowIfCancellationRequested();
            return probe.ExitCode == 0 && output.Length > 0 ? output.ToArray() : throw new SourceException(
                SourceFault.Damaged, $"{path}: the video cannot be opened: {Ffmpeg.Explain(probe.LastErrors)}", "Check that the file is whole: play it, or fetch it again.");
        }
        catch (Win32Exception fault)
        {
            throw new SourceException(SourceFault.NotReadable, $"{path}: ffprobe cannot be started: {fault.Message}", Ffmpeg.InstallHint, fault);
        }
    }

    private static bool IsOnItsSide(JsonElement video)
    {
        if (!video.TryGetProperty("side_data_list", out JsonElement list)) { return false; }
        return list.EnumerateArray().Any(data => data.TryGetProperty("rotation", out JsonElement rotation) && Math.Abs(rotation.GetDouble()) % 180 == 90);
    }

    private static FrameRate? Rate(string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2 && long.TryParse(parts[0], out long frames) && long.TryParse(parts[1], out long seconds) && frames > 0 && seconds > 0
            ? new FrameRate(frames, seconds)
            : null;
    }

    private static TimeSpan? Seconds(JsonElement parent) =>
        parent.ValueKind == JsonValueKind.Object && Number(parent, "duration") is > 0 and < 1e7 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // ffprobe writes some numbers as numbers and some as texts.
    private static double Number(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out JsonElement value)) { return -1; }
        if (value.ValueKind == JsonValueKind.Number) { return value.GetDouble(); }
        return value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out double number) ? number : -1;
    }
}
