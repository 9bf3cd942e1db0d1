using Microsoft.ML.OnnxRuntime;
using OpenVocab.Decoding;
using OpenVocab.Imaging;

namespace OpenVocab.Inference;

/// <summary>
/// Everything that one run needs for itself: input, text and output bound to the session, letterbox, scratch for decoding. Buffers are made
/// for a shape at its first run and used again as long as the shape stays.
/// </summary>
internal sealed class InferenceSlot : IDisposable
{
    private readonly DetectorModel _model;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private float[] _pixels = [];
    private OrtValue? _image;
    private OrtValue? _text;
    private OrtValue? _output;
    private float[] _outputMemory = [];
    private float[]? _boundText;
    private long[] _outputShape = [];
    private (int Width, int Height, int Pictures) _size;

    internal InferenceSlot(DetectorModel model)
    {
        _model = model;
        _binding = model.Session.CreateIoBinding();
        Decoder = model.Signature.NewDecoder();
        NativeCount.Track(_binding);
    }

    internal PixelFormat Pixels { get; } = new();

    internal Letterbox Letterbox { get; } = new();

    internal IOutputDecoder Decoder { get; }

    internal Candidates Candidates { get; } = new();

    internal NonMaxSuppression Suppression { get; } = new();

    internal List<int> Kept { get; } = [];

    /// <summary>Second dimension of the last output.</summary>
    internal int OutputRows => (int)_outputShape[1];

    /// <summary>Third dimension of the last output.</summary>
    internal int OutputColumns => (int)_outputShape[2];

    /// <summary>Where each picture of the batch lies in its input; filled by whoever fills <see cref="PixelsFor"/>.</summary>
    internal List<LetterboxGeometry> Geometries { get; } = [];

    /// <summary>The input buffer of a shape: picture after picture, three planes each, red first. Valid until the slot is given back.</summary>
    internal Span<float> PixelsFor(int width, int height, int pictures)
    {
        int length = pictures * 3 * width * height;
        if (_size != (width, height, pictures))
        {
            ForgetOutput();
            _image?.Dispose();
            // Only ever grows: the number of pictures changes from run to run where several sources share a model.
            if (_pixels.Length < length) { _pixels = GC.AllocateUninitializedArray<float>(length, pinned: true); }
            _image = Wrap(_pixels, [pictures, 3, height, width]);
            _binding.BindInput(_model.Signature.ImageInput, _image);
            _size = (width, height, pictures);
        }
        return _pixels.AsSpan(0, length);
    }

    /// <summary>Runs the network on the pixels that were written before.</summary>
    /// <param name="text">Unit vectors, row after row; kept (not copied) until another array comes.</param>
    /// <param name="rows">Number of prompts.</param>
    /// <exception cref="ModelException">The network failed.</exception>
    internal void Run(float[] text, int rows)
    {
        if (!ReferenceEquals(text, _boundText)) { BindText(text, rows); }
        try
        {
            if (_output is null) { RunUnknownShape(); }
            else { _model.Session.RunWithBinding(_runOptions, _binding); }
        }
        catch (OnnxRuntimeException fault)
        {
            throw SessionFactory.RunFailed(_model.Path, fault);
        }
    }

    /// <summary>One picture's part of the last output, in place. Valid until the slot is given back.</summary>
    internal ReadOnlySpan<float> OutputOf(int picture) => _outputMemory.AsSpan(picture * OutputRows * OutputColumns, OutputRows * OutputColumns);

    /// <inheritdoc/>
    public void Dispose()
    {
        ForgetOutput();
        _image?.Dispose();
        _text?.Dispose();
        NativeCount.Release(_binding);
        _runOptions.Dispose();
        Letterbox.Dispose();
        Pixels.Dispose();
    }

    private void BindText(float[] text, int rows)
    {
        ForgetOutput();
        _text?.Dispose();
        int dimensions = _model.Signature.Dimensions;
        _text = Wrap(text, _model.Signature.TextRank == 2 ? [rows, dimensions] : [1, rows, dimensions]);
        _binding.BindInput(_model.Signature.TextInput, _text);
        _boundText = text;
    }

    // Only the network knows how many anchors a shape has. The first run lets ONNX Runtime allocate; from the second run on the output lies
    // in memory of our own, and a run costs no managed allocation.
    private void RunUnknownShape()
    {
        _binding.ClearBoundOutputs();
        _binding.BindOutputToDevice(_model.Signature.Output, OrtMemoryInfo.DefaultInstance);
        using IDisposableReadOnlyCollection<OrtValue> outputs = _model.Session.RunWithBoundResults(_runOptions, _binding);
        ReadOnlySpan<float> data = outputs[0].GetTensorDataAsSpan<float>();
        _outputShape = outputs[0].GetTensorTypeAndShape().Shape;
        if (_outputMemory.Length < data.Length) { _outputMemory = GC.AllocateUninitializedArray<float>(data.Length, pinned: true); }
        data.CopyTo(_outputMemory);
        _output = Wrap(_outputMemory, _outputShape);
        _binding.ClearBoundOutputs();
        _binding.BindOutput(_model.Signature.Output, _output);
    }

    private void ForgetOutput()
    {
        _output?.Dispose();
        _output = null;
    }

    private static OrtValue Wrap(float[] memory, long[] shape)
    {
        long length = 1;
        foreach (long side in shape) { length *= side; }
        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory.AsMemory(0, (int)length), shape);
    }
}
