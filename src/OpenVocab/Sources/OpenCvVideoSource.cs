using OpenCvSharp;

namespace OpenVocab.Sources;

/// <summary>A video file, decoded by OpenCV: for machines without ffmpeg. It stops for good at some kinds of damage that ffmpeg reads past.</summary>
internal sealed class OpenCvVideoSource : IFrameSource
{
    /// <summary>OpenCV gives false at a damaged packet and may go on behind it.</summary>
    private const int MostFailedReads = 5;

    private readonly string _path;
    private readonly int _stride;
    private readonly long? _promised;
    private readonly FrameRate? _rate;
    private VideoCapture? _capture;
    private long _next;
    private TimeSpan _last;

    private OpenCvVideoSource(string path, VideoCapture capture, int stride)
    {
        (_path, _capture, _stride) = (path, capture, stride);
        double count = capture.Get(VideoCaptureProperties.FrameCount), rate = capture.Get(VideoCaptureProperties.Fps);
        _promised = count is > 0 and < 1e9 ? (long)count : null;
        _rate = rate is > 0 and < 10_000 ? ToFraction(rate) : null;
        Info = new()
        {
            Name = path,
            Kind = SourceKind.Video,
            Path = path,
            Width = capture.FrameWidth,
            Height = capture.FrameHeight,
            FrameRate = _rate is { } known ? new(known.Numerator, known.Denominator * stride) : null,
            FrameCount = _promised / stride,
        };
    }

    public SourceInfo Info { get; }

    public string? Damage { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="SourceException">The file is no video, or OpenCV cannot open it.</exception>
    internal static OpenCvVideoSource Open(string path, SourceOptions options)
    {
        VideoFile.CheckContent(path);
        VideoCapture capture = NativeCount.Track(new VideoCapture(path, VideoCaptureAPIs.FFMPEG));
        bool tooLarge = (long)capture.FrameWidth * capture.FrameHeight > options.Limits.MaxPixels;
        if (capture.IsOpened() && !tooLarge) { return new(path, capture, options.FrameStride); }
        NativeCount.Release(capture);
        throw tooLarge
            ? new SourceException(
                SourceFault.TooLarge, $"{path}: its frames have more than {options.Limits.MaxPixels} pixels.",
                "Make it smaller, or allow it with --max-pixels (in code: ImageLimits.MaxPixels).")
            : new SourceException(SourceFault.Damaged, $"{path}: OpenCV cannot open this video.", "Install ffmpeg, which reads more kinds and says what is wrong.");
    }

    public bool TryRead(Frame into, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(into);
        ObjectDisposedException.ThrowIf(_capture is null, this);
        for (int taken = 0; taken < _stride; taken++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!ReadPastDamage(into.Pixels))
            {
                Finish();
                return false;
            }
            TimeSpan time = TimeSpan.FromMilliseconds(Math.Max(_capture.Get(VideoCaptureProperties.PosMsec), 0));
            _last = time > _last ? time : _last;
            _next++;
        }
        (into.Index, into.Time) = (_next - 1, _last);
        return true;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _capture, null) is { } capture) { NativeCount.Release(capture); }
    }

    private bool ReadPastDamage(Mat pixels)
    {
        for (int failed = 0; failed <= MostFailedReads; failed++)
        {
            if (_capture!.Read(pixels) && !pixels.Empty()) { return true; }
            // The promised number has been read: asking further only costs time.
            if (_next >= _promised) { return false; }
        }
        return false;
    }

    private void Finish()
    {
        if (_next == 0)
        {
            throw new SourceException(
                SourceFault.Unsupported, $"{_path}: OpenCV opened this video and could not decode a single frame (AV1 is such a case).",
                "Install ffmpeg, which reads more kinds and says what is wrong.");
        }
        TimeSpan? duration = _promised is { } frames && _rate is { } rate ? TimeSpan.FromSeconds(frames / rate.PerSecond) : null;
        Damage = VideoFile.DescribeDamage(_next, _last, _promised, duration, _rate, countIsExact: true, 0, null);
    }

    // OpenCV gives 29.97002997… for 30000/1001.
    private static FrameRate ToFraction(double rate)
    {
        double whole = Math.Round(rate);
        if (Math.Abs(rate - whole) < 1e-6) { return new((long)whole, 1); }
        double ntsc = Math.Round(rate * 1.001);
        return Math.Abs(rate - ntsc / 1.001) < 1e-4 ? new((long)ntsc * 1000, 1001) : new((long)Math.Round(rate * 1000), 1000);
    }
}
