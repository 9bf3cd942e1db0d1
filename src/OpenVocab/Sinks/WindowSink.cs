using OpenCvSharp;
using OpenVocab.Drawing;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>Shows every frame with its detections in a window of its own. Keys do what <see cref="WindowControls"/> says; closing the window asks the run to stop.</summary>
public sealed class WindowSink : IResultSink
{
    /// <summary>A picture stays a second: a folder of pictures is to be seen, not to flicker by.</summary>
    private static readonly TimeSpan s_pictureStays = TimeSpan.FromSeconds(1);

    private readonly WindowControls _controls;
    private readonly Annotator _annotator;
    private readonly ManualResetEventSlim _stopped = new();
    private Mat? _canvas = NativeCount.Track(new Mat());
    private PictureWindow? _window;
    private SourceInfo? _source;

    /// <summary>Makes the sink; the window opens with the first source.</summary>
    /// <param name="stop">Called, perhaps several times, when the user wants no more: usually cancels the run's token.</param>
    /// <param name="options">Null: the defaults.</param>
    public WindowSink(Action stop, AnnotatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stop);
        _annotator = new(options);
        _controls = new(() =>
        {
            _stopped.Set();
            stop();
        });
    }

    /// <summary>Makes a sink whose keys are those of other windows, too.</summary>
    /// <param name="controls">Shared by all windows of the run.</param>
    public WindowSink(WindowControls controls) => (_controls, _annotator) = (controls, new());

    /// <inheritdoc/>
    public void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _annotator.Reset();
        _window ??= new PictureWindow($"OpenVocab {source.Name}", _controls);
    }

    /// <inheritdoc/>
    public void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ObjectDisposedException.ThrowIf(_canvas is null, this);
        frame.Pixels.CopyTo(_canvas);
        _annotator.Draw(_canvas, result);
        _controls.Draw(_canvas);
        _window!.Show(_canvas);
        if (_source!.Kind == SourceKind.Picture) { _stopped.Wait(s_pictureStays); }
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
        _stopped.Dispose();
    }
}
