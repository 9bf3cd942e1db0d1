using OpenCvSharp;
using OpenVocab.Drawing;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>Pictures with their detections drawn in, in the format of the source where that can be written, else as JPEG. Videos and cameras pass by.</summary>
public sealed class AnnotatedPictureSink : FileSink
{
    private readonly string _folder;
    private readonly Annotator _annotator;
    private readonly OutputNames _names = new();
    private Mat? _canvas = NativeCount.Track(new Mat());
    private SourceInfo? _source;

    /// <summary>Writes into a folder.</summary>
    /// <param name="folder">Made where it is missing.</param>
    /// <param name="options">Null: the defaults.</param>
    public AnnotatedPictureSink(string folder, AnnotatorOptions? options = null) => (_folder, _annotator) = (folder, new(options));

    /// <inheritdoc/>
    public override void BeginSource(SourceInfo source) => _source = source;

    /// <inheritdoc/>
    public override void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ObjectDisposedException.ThrowIf(_canvas is null, this);
        if (_source!.Kind != SourceKind.Picture) { return; }
        frame.Pixels.CopyTo(_canvas);
        _annotator.Draw(_canvas, result);
        string extension = Path.GetExtension(_source.Name).ToLowerInvariant();
        string path = _names.Choose(_folder, _source.Name, PictureWriter.Extensions.Contains(extension) ? extension : ".jpg");
        PictureWriter.Write(path, _canvas);
        AddFile(path);
    }

    private protected override void Discard()
    {
        if (Interlocked.Exchange(ref _canvas, null) is { } canvas) { NativeCount.Release(canvas); }
    }
}
