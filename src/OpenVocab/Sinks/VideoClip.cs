using System.ComponentModel;
using OpenVocab.Media;

namespace OpenVocab.Sinks;

/// <summary>Cuts a part out of a video file, with its sound, by an ffmpeg process: encoded anew, because copying could begin at key frames only.</summary>
internal static class VideoClip
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>Writes an mp4 (H.264).</summary>
    /// <param name="source">The video.</param>
    /// <param name="from">Since its start; before it counts as it.</param>
    /// <param name="to">Since its start; after its end counts as it.</param>
    /// <param name="target">Is in place when it is whole.</param>
    /// <exception cref="SinkException">ffmpeg is not there or fails, or the target cannot be written.</exception>
    internal static void Cut(string source, TimeSpan from, TimeSpan to, string target)
    {
        if (Ffmpeg.EncoderPath is not { } ffmpeg) { throw new SinkException($"{target}: clips are cut by ffmpeg, which is not installed.", Ffmpeg.InstallHint); }
        from = from < TimeSpan.Zero ? TimeSpan.Zero : from;
        // Fails here and now where the folder cannot be written; ffmpeg would say so later and less clearly.
        using (AtomicFile probe = new(target)) { }
        string whole = AtomicFile.TemporaryFor(target);
        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-nostats", "-loglevel", "error", "-y", "-ss", Invariant($"{from.TotalSeconds:0.######}"), "-t", Invariant($"{(to - from).TotalSeconds:0.######}"),
            .. Ffmpeg.FileInputLimits, "-i", Ffmpeg.FileArgument(source), "-map", "0:v:0", "-map", "0:a:0?", "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2,format=yuv420p",
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-c:a", "aac", "-movflags", "+faststart", "-f", "mp4", Ffmpeg.FileArgument(whole),
        ];
        try
        {
            using (FfmpegProcess process = FfmpegProcess.Start(ffmpeg, arguments))
            {
                if (!process.WaitForExit(s_patience) || process.ExitCode != 0)
                {
                    throw new SinkException($"{target}: ffmpeg could not cut {source}: {Ffmpeg.Explain(process.LastErrors)}", "Check the video, the disk, and that ffmpeg has the encoder libx264 (openvocab doctor).");
                }
            }
            File.Move(whole, Path.GetFullPath(target), overwrite: true);
        }
        catch (Win32Exception fault) { throw new SinkException($"{target}: ffmpeg cannot be started: {fault.Message}", Ffmpeg.InstallHint, fault); }
        catch (Exception fault) when (SinkErrors.IsExpected(fault)) { throw SinkErrors.Wrap(target, fault); }
        finally { File.Delete(whole); }
    }
}
