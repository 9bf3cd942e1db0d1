using OpenCvSharp;
using OpenVocab.Drawing;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>Shows every frame with its detections in a window. q, Escape or closing the window asks the run to stop.</summary>
public sealed class WindowSink : IResultSink
{
    private readonly Action _stop;
    private readonly Annotator _annotator;
    private Mat? _canvas = NativeCount.Track(new Mat());
    private PictureWindow? _window;
    private SourceInfo? _source;

    /// <summary>Makes the sink; the window opens with the first source.</summary>
    /// <param name="stop">Called, perhaps several times, when the user wants no more: usually cancels the run's token.</param>
    /// <param name="options">Null: the defaults.</param>
    public WindowSink(Action stop, AnnotatorOptions? options = null) => (_stop, _annotator) = (stop, new(options));

    /// <inheritdoc/>
    public void BeginSource(SourceInfo source)
    {
        _source = source;
        _annotator.Reset();
        _window ??= new PictureWindow("OpenVocab");
    }

    /// <inheritdoc/>
    public void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ObjectDisposedException.ThrowIf(_canvas is null, this);
        frame.Pixels.CopyTo(_canvas);
        _annotator.Draw(_canvas, result);
        // A picture stays a second: a folder of pictures is to be seen, not to flicker by.
        if (!_window!.Show(_canvas, _source!.Kind == SourceKind.Picture ? 1000 : 1)) { _stop(); }
    }

    /// <inheritdoc/>
    public void EndSource(SourceReport report) { }

    /// <inheritdoc/>
    public void Complete() { }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _canvas, null) is { } canvas) { NativeCount.Release(canvas); }
        if (Interlocked.Exchange(ref _window, null) is { } window) { window.Dispose(); }
    }
}
