using System.ComponentModel;
using OpenCvSharp;
using OpenVocab.Media;

namespace OpenVocab.Sources;

/// <summary>
/// A video file, decoded by an ffmpeg process: raw frames through its standard output, their time stamps and all complaints through its standard
/// error. Faster than OpenCV's decoder, which is built without assembler, and goes on behind damage.
/// </summary>
internal sealed class FfmpegVideoSource : IFrameSource
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly VideoProbe _probe;
    private readonly int _stride;
    private readonly FfmpegFrameLog _log = new();
    private readonly FfmpegProcess _process;
    private long _next;
    private TimeSpan _last;
    private bool _ended;

    private FfmpegVideoSource(string path, VideoProbe probe, int stride)
    {
        (_path, _probe, _stride) = (path, probe, stride);
        Info = new()
        {
            Name = path,
            Kind = SourceKind.Video,
            Path = path,
            Width = probe.Width,
            Height = probe.Height,
            FrameRate = probe.FrameRate is { } rate ? new(rate.Numerator, rate.Denominator * stride) : null,
            VariableRate = probe.VariableRate,
            FrameCount = (probe.FrameCount ?? probe.PacketCount) / stride,
            HasAudio = probe.HasAudio,
        };
        // showinfo writes each frame's time stamp; without its checksum it costs nothing. Scaling to the announced size keeps the frames of a
        // stream that changes its size readable.
        string filter = $"showinfo=checksum=0,scale={probe.Width}:{probe.Height}";
        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+info", .. Ffmpeg.FileInputLimits, "-i", Ffmpeg.FileArgument(path),
            "-map", "0:v:0", "-vf", filter, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "bgr24", "pipe:1",
        ];
        try { _process = FfmpegProcess.Start(Ffmpeg.EncoderPath!, arguments, _log.Read); }
        catch (Win32Exception fault)
        {
            throw new SourceException(SourceFault.NotReadable, $"{path}: ffmpeg cannot be started: {fault.Message}", Ffmpeg.InstallHint, fault);
        }
    }

    public SourceInfo Info { get; }

    public string? Damage { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="SourceException">The file is no video, or cannot be opened.</exception>
    internal static FfmpegVideoSource Open(string path, SourceOptions options)
    {
        VideoFile.CheckContent(path);
        return new(path, VideoProbe.Run(path, options.Limits, CancellationToken.None), options.FrameStride);
    }

    public bool TryRead(Frame into, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(into);
        cancellationToken.ThrowIfCancellationRequested();
        if (_ended) { return false; }
        using CancellationTokenRegistration stop = cancellationToken.Register(_process.Kill);
        into.Pixels.Create(_probe.Height, _probe.Width, MatType.CV_8UC3);
        for (int skipped = 0; skipped < _stride; skipped++)
        {
            if (!ReadPixels(into.Pixels))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Finish();
                return false;
            }
            _last = _log.Take(s_patience)?.Time ?? EstimatedTime();
            _next++;
        }
        (into.Index, into.Time) = (_next - 1, _last);
        return true;
    }

    public void Dispose() => _process.Dispose();

    private unsafe bool ReadPixels(Mat pixels)
    {
        Span<byte> span = new((void*)pixels.Data, _probe.Width * _probe.Height * 3);
        // A frame that is cut off in the middle is no frame.
        try { return _process.Output.ReadAtLeast(span, span.Length, throwOnEndOfStream: false) == span.Length; }
        catch (IOException) { return false; } // the child was killed; whoever did it knows why
    }

    private TimeSpan EstimatedTime() => _probe.FrameRate is { } rate ? TimeSpan.FromSeconds(_next / rate.PerSecond) : _last;

    private void Finish()
    {
        _ended = true;
        bool exited = _process.WaitForExit(s_patience);
        string? complaint = _log.FirstComplaint ?? VideoFile.CheckEnd(_path, _probe.Format) ?? (exited && _process.ExitCode == 0 ? null : $"ffmpeg ended with status {(exited ? _process.ExitCode : -1)}");
        if (_next == 0)
        {
            throw new SourceException(
                SourceFault.Damaged, $"{_path}: no frame could be decoded: {Ffmpeg.Explain(complaint ?? "it gave no reason")}",
                "Check that the file is whole: play it, or fetch it again.");
        }
        Damage = VideoFile.DescribeDamage(_next, _last, _probe.FrameCount, _probe.Duration, _probe.FrameRate, CountsEveryFrame, _log.Complaints, complaint);
    }

    // An mp4's edit list may hide frames that the container counts; an avi shows all it has.
    private bool CountsEveryFrame => !_probe.Format.Contains("mp4", StringComparison.Ordinal);
}
