using System.ComponentModel;
using OpenCvSharp;
using OpenVocab.Media;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>
/// H.264 in mp4 through an ffmpeg process, which every player and browser plays. Frame rate and count are kept exactly; where the source's rate varies, each
/// frame keeps its own time. The source's sound is added at the end, by a second process that only copies.
/// </summary>
internal sealed class FfmpegVideoEncoder : IVideoEncoder
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);
    private static readonly string[] s_soundOfMp4 = ["aac", "mp3", "ac3", "eac3", "alac", "opus"];

    private readonly string _target;
    private readonly SourceInfo _source;
    private readonly string _video;
    private readonly string _muxed;
    private readonly FfmpegProcess _process;
    private readonly MatroskaRawWriter? _timed;
    private readonly double _frameSeconds;
    private TimeSpan? _first;
    private TimeSpan _last;

    internal FfmpegVideoEncoder(string target, SourceInfo source)
    {
        (_target, _source) = (target, source);
        (_video, _muxed) = (AtomicFile.TemporaryFor(target), AtomicFile.TemporaryFor(target));
        // Fails here and now where the folder cannot be written; ffmpeg would say so later and less clearly.
        using (AtomicFile probe = new(target)) { }
        bool timed = source.FrameRate is null || source.VariableRate || source.IsLive;
        _frameSeconds = source.FrameRate is { } rate ? 1 / rate.PerSecond : 0.04;
        string[] input = timed
            ? ["-f", "matroska", "-i", "pipe:0"]
            : ["-f", "rawvideo", "-pix_fmt", "bgr24", "-s", $"{source.Width}x{source.Height}", "-framerate", source.FrameRate!.Value.ToString(), "-i", "pipe:0"];
        // Colours: converted and marked as BT.709, so that browsers, which assume it, show what was drawn. Sizes: even, as 4:2:0 needs them.
        const string Filter = "pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p";
        string[] arguments =
        [
            "-hide_banner", "-nostats", "-loglevel", "error", "-y", .. input, "-an", "-vf", Filter, "-fps_mode", "passthrough",
            .. timed ? (string[])["-enc_time_base", "1/90000", "-video_track_timescale", "90000"] : [],
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "23",
            "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-movflags", "+faststart", "-f", "mp4", Ffmpeg.FileArgument(_video),
        ];
        _process = Start(arguments);
        _timed = timed ? Guarded(() => new MatroskaRawWriter(_process.Input, source.Width, source.Height)) : null;
    }

    public unsafe void Write(Mat pixels, TimeSpan time)
    {
        if (pixels.Width != _source.Width || pixels.Height != _source.Height)
        {
            throw new SinkException(
                $"{_target}: a frame is {pixels.Width} x {pixels.Height}; the video began with {_source.Width} x {_source.Height}.",
                "A video file has one size: cut the source where its size changes.");
        }
        _first ??= time;
        _last = time;
        Guarded(() =>
        {
            ReadOnlySpan<byte> bytes = new((void*)pixels.Data, pixels.Width * pixels.Height * 3);
            if (_timed is not null) { _timed.Write(bytes, time); }
            else { _process.Input.Write(bytes); }
            return true;
        });
    }

    public void Finish(bool interrupted)
    {
        Guarded(() =>
        {
            _process.Input.Close();
            return true;
        });
        if (!_process.WaitForExit(s_patience) || _process.ExitCode != 0) { throw Failed(null); }
        bool sound = _source is { HasAudio: true, Path: not null } && AddSound(interrupted);
        try { File.Move(sound ? _muxed : _video, _target, overwrite: true); }
        catch (Exception fault) when (SinkErrors.IsExpected(fault)) { throw SinkErrors.Wrap(_target, fault); }
    }

    public void Dispose()
    {
        _process.Dispose();
        File.Delete(_video);
        File.Delete(_muxed);
    }

    private bool AddSound(bool interrupted)
    {
        // The pictures of a timed stream carry their own offset; those of a constant rate begin at zero and are moved to where they belong.
        double offset = _timed is null ? _first?.TotalSeconds ?? 0 : 0;
        double end = _last.TotalSeconds + _frameSeconds;
        string codec = AudioCodec();
        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-nostats", "-loglevel", "error", "-y",
            .. offset > 0.001 ? (string[])["-itsoffset", Invariant($"{offset:0.######}")] : [], "-i", Ffmpeg.FileArgument(_video),
            .. Ffmpeg.FileInputLimits, .. interrupted ? (string[])["-t", Invariant($"{end:0.######}")] : [], "-i", Ffmpeg.FileArgument(_source.Path!),
            "-map", "0:v:0", "-map", "1:a", "-c:v", "copy", .. s_soundOfMp4.Contains(codec) ? (string[])["-c:a", "copy"] : ["-c:a", "aac"],
            "-movflags", "+faststart", "-f", "mp4", Ffmpeg.FileArgument(_muxed),
        ];
        using FfmpegProcess mux = Start(arguments);
        if (mux.WaitForExit(s_patience) && mux.ExitCode == 0) { return true; }
        Notice = $"{_target}: the sound of the source could not be kept: {Ffmpeg.Explain(mux.LastErrors)}";
        return false;
    }

    /// <summary>Something that a person should know after <see cref="Finish"/>, or null.</summary>
    internal string? Notice { get; private set; }

    private string AudioCodec()
    {
        string[] arguments =
        [
            "-v", "error", .. Ffmpeg.FileInputLimits, "-select_streams", "a:0", "-show_entries", "stream=codec_name", "-of", "csv=p=0",
            "-i", Ffmpeg.FileArgument(_source.Path!),
        ];
        using FfmpegProcess probe = FfmpegProcess.Start(Ffmpeg.ProbePath!, arguments);
        using StreamReader reader = new(probe.Output);
        return reader.ReadToEnd().Trim();
    }

    private FfmpegProcess Start(string[] arguments)
    {
        try { return FfmpegProcess.Start(Ffmpeg.EncoderPath!, arguments); }
        catch (Win32Exception fault) { throw new SinkException($"{_target}: ffmpeg cannot be started: {fault.Message}", Ffmpeg.InstallHint, fault); }
    }

    // An encoder that dies closes its end of the pipe: its own words say why.
    private T Guarded<T>(Func<T> write)
    {
        try { return write(); }
        catch (IOException fault)
        {
            _process.WaitForExit(TimeSpan.FromSeconds(2));
            throw Failed(fault);
        }
    }

    private SinkException Failed(Exception? fault)
    {
        string words = Ffmpeg.Explain(_process.LastErrors);
        bool space = _process.LastErrors.Contains("No space left", StringComparison.Ordinal);
        return new(
            $"{_target}: ffmpeg could not write the video: {words}",
            space ? "Free some space, or write to another disk with --save-dir." : "Check that ffmpeg has the encoder libx264 (openvocab doctor), and the disk.", fault);
    }
}
