using System.Globalization;
using OpenCvSharp;

namespace OpenVocab.Sources;

/// <summary>A camera of this machine, read through OpenCV.</summary>
internal sealed class CameraSource : IFrameSource
{
    private readonly int _stride;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly long _start;
    private VideoCapture? _capture;
    private long _next;

    private CameraSource(string name, VideoCapture capture, int stride)
    {
        (_capture, _stride, _start) = (capture, stride, _clock.GetTimestamp());
        Info = new() { Name = name, Kind = SourceKind.Camera, Width = capture.FrameWidth, Height = capture.FrameHeight };
    }

    public SourceInfo Info { get; }

    public string? Damage { get; private set; }

    /// <summary>Opens a camera by its number or device path.</summary>
    /// <exception cref="SourceException">There is no such camera, or it is in use.</exception>
    internal static CameraSource Open(string name, SourceOptions options)
    {
        string digits = name.StartsWith("/dev/video", StringComparison.Ordinal) ? name["/dev/video".Length..] : name;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            throw new SourceException(SourceFault.NotFound, $"{name}: this is no camera.", "Give a number, or a path such as /dev/video0.");
        }
        string device = $"/dev/video{number}";
        if (OperatingSystem.IsLinux() && !File.Exists(device))
        {
            string[] present = Directory.Exists("/dev") ? Directory.GetFiles("/dev", "video*") : [];
            throw new SourceException(
                SourceFault.NotFound, $"camera {number}: there is no {device}; this machine has {(present.Length == 0 ? "no camera" : string.Join(", ", present.Order()))}.",
                "Connect the camera, or give the number of another.");
        }
        VideoCapture capture = NativeCount.Track(new VideoCapture(number));
        if (capture.IsOpened()) { return new($"camera {number}", capture, options.FrameStride); }
        NativeCount.Release(capture);
        throw new SourceException(
            SourceFault.NotReadable, $"camera {number}: {device} is there and cannot be opened.",
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
        (into.Index, into.Time) = (_next - 1, _clock.GetElapsedTime(_start));
        return true;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _capture, null) is { } capture) { NativeCount.Release(capture); }
    }
}
