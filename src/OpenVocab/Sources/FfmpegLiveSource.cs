using System.ComponentModel;
using System.Text;
using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Media;

namespace OpenVocab.Sources;

/// <summary>
/// One connection to a network stream or a camera, decoded by an ffmpeg process: raw frames through its standard output, size and time of each through its standard
/// error, so that a stream may change its size. It ends when the connection does; <see cref="ReconnectingSource"/> opens the next.
/// </summary>
internal sealed class FfmpegLiveSource : IFrameSource
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly ImageLimits _limits;
    private readonly Func<string, string> _redact;
    private readonly TimeProvider _clock;
    private readonly FfmpegFrameLog _log = new();
    private readonly FfmpegProcess _process;
    private long _next;
    private bool _ended;

    private FfmpegLiveSource(SourceInfo info, IEnumerable<string> input, string? script, Func<string, string> redact, SourceOptions options)
    {
        (Info, _redact, _limits, _clock) = (info, redact, options.Limits, options.Clock);
        string select = options.FrameStride > 1 ? $"framestep={options.FrameStride}," : "";
        // Without autoscale=0 every later size would be scaled to the first one.
        string[] arguments =
        [
            .. script is null ? (string[])["-nostdin"] : [], "-hide_banner", "-nostats", "-loglevel", "level+info", .. input,
            "-map", "0:v:0", "-vf", $"{select}showinfo=checksum=0", "-autoscale", "0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "bgr24", "pipe:1",
        ];
        try { _process = FfmpegProcess.Start(Ffmpeg.EncoderPath ?? "ffmpeg", arguments, _log.Read, _log.Complete); }
        catch (Win32Exception fault)
        {
            throw new SourceException(SourceFault.NotReadable, $"{info.Name}: ffmpeg cannot be started: {fault.Message}", Ffmpeg.InstallHint, fault);
        }
        if (script is not null) { Send(script); }
    }

    public SourceInfo Info { get; }

    public string? Damage { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Starts to connect; whether that succeeds, the first frame shows.</summary>
    /// <exception cref="SourceException">There is no ffmpeg.</exception>
    internal static FfmpegLiveSource Open(StreamAddress address, SourceOptions options)
    {
        // Whoever waits for frames kills the child sooner; ffmpeg's own bound is for the case that nobody is left to do so.
        TimeSpan timeout = (options.Live?.FrameTimeout ?? TimeSpan.FromSeconds(30)) * 2;
        SourceInfo info = new() { Name = address.Display, Kind = SourceKind.Stream, IsLive = options.Live is not null };
        return new(info, address.InputArguments(timeout, options.Live is not null), address.InputScript(timeout), address.Redact, options);
    }

    /// <summary>Starts to read a camera of this machine through Video4Linux.</summary>
    /// <exception cref="SourceException">There is no ffmpeg.</exception>
    internal static FfmpegLiveSource OpenCamera(string name, string device, SourceOptions options)
    {
        SourceInfo info = new() { Name = name, Kind = SourceKind.Camera, IsLive = true };
        return new(info, ["-format_whitelist", "video4linux2,v4l2", "-protocol_whitelist", "file", "-f", "v4l2", "-i", device], null, line => line, options);
    }

    public bool TryRead(Frame into, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(into);
        cancellationToken.ThrowIfCancellationRequested();
        if (_ended) { return false; }
        using CancellationTokenRegistration stop = cancellationToken.Register(_process.Kill);
        if (_log.Take(cancellationToken) is not { } announced || !ReadPixels(into, announced, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Finish();
            return false;
        }
        into.Index = _next++;
        into.Time = announced.Time ?? TimeSpan.Zero;
        into.CapturedAt = Info.IsLive ? _clock.GetUtcNow() : null;
        return true;
    }

    public void Dispose() => _process.Dispose();

    private unsafe bool ReadPixels(Frame into, LoggedFrame announced, CancellationToken cancellationToken)
    {
        (int width, int height) = (announced.Width, announced.Height);
        if ((long)width * height > _limits.MaxPixels || Math.Max(width, height) > _limits.MaxSide || width < 1 || height < 1)
        {
            throw new SourceException(
                SourceFault.TooLarge, $"{Info.Name}: its frames are {width} x {height}; at most {_limits.MaxPixels} pixels and {_limits.MaxSide} a side are decoded.",
                "Choose a smaller stream of the camera, or allow it with --max-pixels (in code: ImageLimits.MaxPixels).");
        }
        into.Pixels.Create(height, width, MatType.CV_8UC3);
        Span<byte> span = new((void*)into.Pixels.Data, width * height * 3);
        int read = 0;
        try { read = _process.Output.ReadAtLeast(span, span.Length, throwOnEndOfStream: false); }
        catch (IOException) when (!cancellationToken.IsCancellationRequested) { } // the child was killed by somebody else: the same as its end
        if (read == span.Length) { return true; }
        // Announced and not delivered: it counts as read, and as failed.
        Failed++;
        return false;
    }

    private void Send(string script)
    {
        try
        {
            _process.Input.Write(Encoding.UTF8.GetBytes(script));
            _process.Input.Close();
        }
        catch (IOException) { } // it has ended already; its own words say why
    }

    private void Finish()
    {
        _ended = true;
        bool exited = _process.WaitForExit(s_patience);
        string status = exited ? _process.ExitCode == 0 ? "the stream ended" : $"ffmpeg ended with status {_process.ExitCode}" : "the stream ended, and ffmpeg did not";
        string? words = _log.LastComplaint ?? (exited && _process.ExitCode == 0 ? null : _log.FirstWarning);
        string reason = words is null ? status : _redact(Ffmpeg.Explain(words)).Replace("pipe:0: ", "", StringComparison.Ordinal);
        if (reason.StartsWith(Info.Name + ": ", StringComparison.Ordinal)) { reason = reason[(Info.Name.Length + 2)..]; }
        // A stream that is read like a file and was served to its end is whole.
        if (Info.IsLive || words is not null || _next == 0) { Damage = reason; }
        if (_next == 0)
        {
            throw new SourceException(
                SourceFault.NotReadable, $"{Info.Name}: no frame came: {reason}", "Check the address, user and password, and that the camera or server runs.");
        }
    }
}
