using System.Globalization;
using OpenCvSharp;
using OpenVocab.Drawing;
using OpenVocab.Media;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>How recordings roll. Immutable; change it by <c>with</c>.</summary>
public sealed record RollingOptions
{
    /// <summary>A new file begins after so long, 1 s to a day. Default ten minutes.</summary>
    public TimeSpan Segment { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The newest files that are kept, 1 to 1,000,000; older ones of the same source and run are deleted. Default 144: a day of ten minutes each.</summary>
    public int Keep { get; init; } = 144;

    /// <summary>How frames are drawn.</summary>
    public AnnotatorOptions Annotator { get; init; } = new();

    internal RollingOptions Validated()
    {
        if (Segment < TimeSpan.FromSeconds(1) || Segment > TimeSpan.FromDays(1)) { throw new ArgumentException(Invariant($"Segment is {Segment.TotalSeconds} s; it must lie between 1 s and a day.")); }
        return Keep is >= 1 and <= 1_000_000 ? this : throw new ArgumentException($"Keep is {Keep}; it must lie between 1 and 1000000.");
    }
}

/// <summary>
/// Records a live source with its detections drawn in, a file after another, named after the time at which each begins; the oldest go. Needs ffmpeg. Each file is whole as
/// soon as it has its name.
/// </summary>
public sealed class RollingVideoSink : FileSink
{
    private readonly string _folder;
    private readonly string _name;
    private readonly RollingOptions _options;
    private readonly Annotator _annotator;
    private readonly Queue<string> _kept = new();
    private Mat? _canvas = NativeCount.Track(new Mat());
    private FfmpegVideoEncoder? _encoder;
    private SourceInfo? _source;
    private string _target = "";
    private TimeSpan _began;

    /// <summary>Records into a folder.</summary>
    /// <param name="folder">Made where it is missing. Files of other runs in it stay.</param>
    /// <param name="name">Begins the names of the files.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="SinkException">There is no ffmpeg.</exception>
    public RollingVideoSink(string folder, string name, RollingOptions? options = null)
    {
        _options = (options ?? new()).Validated();
        (_folder, _name, _annotator) = (folder, OutputNames.SafeName(name), new(_options.Annotator));
        if (!Ffmpeg.IsInstalled) { throw new SinkException("Recordings are written by ffmpeg, which is not installed.", Ffmpeg.InstallHint); }
    }

    /// <inheritdoc/>
    public override void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _annotator.Reset();
        // Frames of a live source come when they come: each keeps its own time. A file that loops has a sound that does not.
        _source = source with { FrameRate = null, VariableRate = true, HasAudio = false };
    }

    /// <inheritdoc/>
    public override void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ObjectDisposedException.ThrowIf(_canvas is null, this);
        if (_encoder is not null && frame.Time - _began >= _options.Segment) { EndSegment(interrupted: false); }
        if (_encoder is null)
        {
            _began = frame.Time;
            _target = NameOf(frame);
            _encoder = new(_target, _source!);
        }
        frame.Pixels.CopyTo(_canvas);
        _annotator.Draw(_canvas, result);
        _encoder.Write(_canvas, frame.Time - _began);
    }

    /// <inheritdoc/>
    public override void EndSource(SourceReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        EndSegment(report.Interrupted);
    }

    private protected override void Discard()
    {
        if (Interlocked.Exchange(ref _encoder, null) is { } encoder) { encoder.Dispose(); }
        if (Interlocked.Exchange(ref _canvas, null) is { } canvas) { NativeCount.Release(canvas); }
    }

    private void EndSegment(bool interrupted)
    {
        if (_encoder is null) { return; }
        _encoder.Finish(interrupted);
        _encoder.Dispose();
        _encoder = null;
        _kept.Enqueue(_target);
        AddFile(_target);
        while (_kept.Count > _options.Keep)
        {
            string oldest = _kept.Dequeue();
            RemoveFile(oldest);
            try { File.Delete(oldest); }
            catch (Exception fault) when (SinkErrors.IsExpected(fault)) { AddNotice($"{oldest}: this recording is due to go and cannot be deleted: {fault.Message}"); }
        }
    }

    private string NameOf(Frame frame)
    {
        DateTimeOffset at = frame.CapturedAt ?? DateTimeOffset.UnixEpoch + frame.Time;
        string stem = Path.Combine(_folder, $"{_name}-{at.ToLocalTime().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}");
        string path = stem + ".mp4";
        // Another run, or a clock that was set back.
        for (int number = 2; File.Exists(path); number++) { path = $"{stem}-{number}.mp4"; }
        return path;
    }
}
