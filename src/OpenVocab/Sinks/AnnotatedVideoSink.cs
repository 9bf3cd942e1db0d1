using OpenCvSharp;
using OpenVocab.Drawing;
using OpenVocab.Media;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>
/// Videos and cameras with their detections drawn in, as H.264 mp4 with the source's sound. Needs ffmpeg; without it the video is mp4v without sound, and
/// <see cref="FileSink.Notices"/> says so. Pictures pass by.
/// </summary>
public sealed class AnnotatedVideoSink : FileSink
{
    private readonly string? _path;
    private readonly string _folder;
    private readonly Annotator _annotator;
    private readonly bool _useFfmpeg;
    private readonly OutputNames _names = new();
    private Mat? _canvas = NativeCount.Track(new Mat());
    private IVideoEncoder? _encoder;
    private string _target = "";

    /// <summary>Writes one file for one source.</summary>
    /// <param name="path">Ends in .mp4.</param>
    /// <param name="options">Null: the defaults.</param>
    public AnnotatedVideoSink(string path, AnnotatorOptions? options = null) : this(path, "", options, Ffmpeg.IsInstalled) { }

    internal AnnotatedVideoSink(string? path, string folder, AnnotatorOptions? options, bool useFfmpeg)
    {
        (_path, _folder, _annotator, _useFfmpeg) = (path, folder, new(options), useFfmpeg);
    }

    /// <summary>Writes a file for each source, named after it.</summary>
    /// <param name="folder">Made where it is missing.</param>
    /// <param name="options">Null: the defaults.</param>
    public static AnnotatedVideoSink InFolder(string folder, AnnotatorOptions? options = null) => new(null, folder, options, Ffmpeg.IsInstalled);

    /// <inheritdoc/>
    public override void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Kind == SourceKind.Picture) { return; }
        _annotator.Reset();
        _target = _path ?? _names.Choose(_folder, source.Name, ".mp4");
        if (source.Path is { } input && Path.GetFullPath(input) == Path.GetFullPath(_target))
        {
            throw new SinkException($"{_target}: the output would replace its own input.", "Give another path.");
        }
        if (!_useFfmpeg)
        {
            AddNotice("ffmpeg is not installed: videos are written as mp4v, which browsers do not play, and without sound. " + Ffmpeg.InstallHint);
        }
        _encoder = _useFfmpeg ? new FfmpegVideoEncoder(_target, source) : new OpenCvVideoEncoder(_target, source);
    }

    /// <inheritdoc/>
    public override void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ObjectDisposedException.ThrowIf(_canvas is null, this);
        if (_encoder is null) { return; }
        frame.Pixels.CopyTo(_canvas);
        _annotator.Draw(_canvas, result);
        _encoder.Write(_canvas, frame.Time);
    }

    /// <inheritdoc/>
    public override void EndSource(SourceReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (_encoder is null) { return; }
        _encoder.Finish(report.Interrupted);
        if (_encoder is FfmpegVideoEncoder { Notice: { } notice }) { AddNotice(notice); }
        _encoder.Dispose();
        _encoder = null;
        AddFile(_target);
    }

    private protected override void Discard()
    {
        if (Interlocked.Exchange(ref _encoder, null) is { } encoder) { encoder.Dispose(); }
        if (Interlocked.Exchange(ref _canvas, null) is { } canvas) { NativeCount.Release(canvas); }
    }
}
