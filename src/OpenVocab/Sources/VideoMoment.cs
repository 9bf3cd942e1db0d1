using System.ComponentModel;
using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Media;

namespace OpenVocab.Sources;

/// <summary>One frame of a video file, by its time.</summary>
internal static class VideoMoment
{
    /// <summary>Seeking gives the first frame that is not earlier: a little before the frame that is meant.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads it: by ffmpeg where it is installed, otherwise by OpenCV.</summary>
    /// <param name="path">Of the video.</param>
    /// <param name="time">As <see cref="Frame.Time"/> was.</param>
    /// <param name="limits">How large a frame may be.</param>
    /// <returns>BGR, 8 bits; the caller disposes it.</returns>
    /// <exception cref="SourceException">It cannot be read.</exception>
    internal static Mat Read(string path, TimeSpan time, ImageLimits limits)
    {
        VideoFile.CheckContent(path);
        TimeSpan from = time > s_slack ? time - s_slack : TimeSpan.Zero;
        return Ffmpeg.IsInstalled ? ReadByFfmpeg(path, from, limits) : ReadByOpenCv(path, from, limits);
    }

    private static unsafe Mat ReadByFfmpeg(string path, TimeSpan from, ImageLimits limits)
    {
        VideoProbe probe = VideoProbe.Run(path, limits, CancellationToken.None);
        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-nostats", "-loglevel", "error", "-ss", Invariant($"{from.TotalSeconds:0.######}"), .. Ffmpeg.FileInputLimits, "-i", Ffmpeg.FileArgument(path),
            "-map", "0:v:0", "-frames:v", "1", "-vf", $"scale={probe.Width}:{probe.Height}", "-f", "rawvideo", "-pix_fmt", "bgr24", "pipe:1",
        ];
        using FfmpegProcess process = Start(path, arguments);
        Mat pixels = new(probe.Height, probe.Width, MatType.CV_8UC3);
        Span<byte> span = new((void*)pixels.Data, probe.Width * probe.Height * 3);
        if (process.Output.ReadAtLeast(span, span.Length, throwOnEndOfStream: false) == span.Length) { return pixels; }
        pixels.Dispose();
        process.WaitForExit(s_patience);
        throw new SourceException(SourceFault.Damaged, $"{path}: there is no frame at {from}: {Ffmpeg.Explain(process.LastErrors)}", "Check that the file is whole.");
    }

    private static Mat ReadByOpenCv(string path, TimeSpan from, ImageLimits limits)
    {
        using OpenCvVideoSource source = OpenCvVideoSource.Open(path, new() { Limits = limits });
        using Frame frame = new();
        // From the start: OpenCV's own seeking lands beside the frame where distances vary.
        while (source.TryRead(frame, CancellationToken.None))
        {
            if (frame.Time >= from) { return frame.Pixels.Clone(); }
        }
        throw new SourceException(SourceFault.Damaged, $"{path}: there is no frame at {from}.", "Check that the file is whole.");
    }

    private static FfmpegProcess Start(string path, string[] arguments)
    {
        try { return FfmpegProcess.Start(Ffmpeg.EncoderPath!, arguments); }
        catch (Win32Exception fault) { throw new SourceException(SourceFault.NotReadable, $"{path}: ffmpeg cannot be started: {fault.Message}", Ffmpeg.InstallHint, fault); }
    }
}
