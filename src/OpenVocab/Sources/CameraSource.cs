using System.Globalization;
using OpenCvSharp;
using OpenVocab.Media;

namespace OpenVocab.Sources;

/// <summary>A camera of this machine, read through OpenCV: where there is no ffmpeg.</summary>
internal sealed class CameraSource : IFrameSource
{
    private readonly int _stride;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private VideoCapture? _capture;
    private long _next;

    private CameraSource(string name, VideoCapture capture, SourceOptions options)
    {
        (_capture, _stride, _clock, _start) = (capture, options.FrameStride, options.Clock, options.Clock.GetTimestamp());
        Info = new() { Name = name, Kind = SourceKind.Camera, IsLive = true, Width = capture.FrameWidth, Height = capture.FrameHeight };
    }

    public SourceInfo Info { get; }

    public string? Damage { get; private set; }

    /// <summary>Opens a camera by its number or device path, and keeps it alive.</summary>
    /// <exception cref="SourceException">There is no such camera, or it is in use.</exception>
    internal static IFrameSource Open(string name, SourceOptions options)
    {
        string device = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? $"/dev/video{number}" : name;
        if (OperatingSystem.IsLinux() && !File.Exists(device))
        {
            string[] present = Directory.Exists("/dev") ? Directory.GetFiles("/dev", "video*") : [];
            throw new SourceException(
                SourceFault.NotFound, $"camera {name}: there is no {device}; this machine has {(present.Length == 0 ? "no camera" : string.Join(", ", present.Order()))}.",
                "Connect the camera, or give the number of another.");
        }
        string title = $"camera {name}";
        // A child process can be killed when the camera hangs; a read inside of OpenCV cannot be left.
        bool child = OperatingSystem.IsLinux() && Ffmpeg.IsInstalled && options.UseFfmpeg;
        if (!child && device.StartsWith("/dev/video", StringComparison.Ordinal)) { int.TryParse(device["/dev/video".Length..], CultureInfo.InvariantCulture, out number); }
        IFrameSource Connect() => child ? FfmpegLiveSource.OpenCamera(title, device, options) : OpenNow(title, device, number, options);
        return new ReconnectingSource(
            new() { Name = title, Kind = SourceKind.Camera, IsLive = true }, Connect, options.Live ?? new LiveOptions { MaxRetries = 0 }, options.Clock, options.StateChanged);
    }

    private static CameraSource OpenNow(string title, string device, int number, SourceOptions options)
    {
        VideoCapture capture = NativeCount.Track(new VideoCapture(number));
        if (capture.IsOpened()) { return new(title, capture, options); }
        NativeCount.Release(capture);
        throw new SourceException(
            SourceFault.NotReadable, $"{title}: {device} is there and cannot be opened.",
            "Close other programs that use it, and check your rights (group video).");
    }

    public bool TryRead(Frame into, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(into);
        ObjectDisposedException.ThrowIf(_capture is null, this);
        for (int taken = 0; taken < _stride; taken++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_capture.Read(into.Pixels) || into.Pixels.Empty())
            {
                Damage = $"the camera stopped giving pictures after {_next} frames.";
                return false;
            }
            _next++;
        }
        (into.Index, into.Time, into.CapturedAt) = (_next - 1, _clock.GetElapsedTime(_start), _clock.GetUtcNow());
        return true;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _capture, null) is { } capture) { NativeCount.Release(capture); }
    }
}
