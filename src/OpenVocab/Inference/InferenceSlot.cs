using Microsoft.ML.OnnxRuntime;
using OpenVocab.Decoding;
using OpenVocab.Imaging;

namespace OpenVocab.Inference;

/// <summary>
/// Everything that one run needs for itself: input, text and outputs bound to the session, letterbox, scratch for decoding. Buffers are made
/// for a shape at its first run and used again as long as the shape stays.
/// </summary>
internal sealed class InferenceSlot : IDisposable
{
    private readonly DetectorModel _model;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly PictureInput _picture;
    private readonly TextInput? _text;
    private readonly string[] _names, _namesAndRegions;
    private readonly BoundOutput[] _outputs, _outputsAndRegions;
    private bool _withRegions;
    private int _pictures;

    internal InferenceSlot(DetectorModel model)
    {
        _model = model;
        ModelSignature signature = model.Signature;
        _binding = model.Session.CreateIoBinding();
        _picture = new PictureInput(signature.Picture);
        _text = signature.Text is { } role ? new TextInput(role) : null;
        _names = [.. signature.Layout.Outputs];
        _outputs = [.. _names.Select(_ => new BoundOutput())];
        (_namesAndRegions, _outputsAndRegions) = signature.Regions is { } regions ? ([.. _names, regions.Name], [.. _outputs, new BoundOutput()]) : (_names, _outputs);
        Outputs = new NetworkOutputs([.. _outputs.Select(output => output.Tensor)]) { Regions = signature.Regions is null ? null : _outputsAndRegions[^1].Tensor };
        Decoder = signature.Layout.NewDecoder();
        NativeCount.Track(_binding);
    }

    private string[] Names => _withRegions ? _namesAndRegions : _names;

    private BoundOutput[] Bound => _withRegions ? _outputsAndRegions : _outputs;

    internal PixelFormat Pixels { get; } = new();

    internal Letterbox Letterbox { get; } = new();

    internal IOutputDecoder Decoder { get; }

    internal Candidates Candidates { get; } = new();

    internal NonMaxSuppression Suppression { get; } = new();

    internal List<int> Kept { get; } = [];

    /// <summary>What the last run gave. Valid until the slot is given back.</summary>
    internal NetworkOutputs Outputs { get; }

    /// <summary>Where each picture of the batch lies in its input; filled by whoever fills <see cref="PixelsFor"/>.</summary>
    internal List<LetterboxGeometry> Geometries { get; } = [];

    /// <summary>The input buffer of a shape: picture after picture, three planes each, red first. Valid until the slot is given back.</summary>
    internal Span<float> PixelsFor(int width, int height, int pictures)
    {
        // A network for a fixed number of pictures gets as many; what lies in the rest of them is nobody's business.
        _pictures = Math.Max(pictures, _model.Signature.Picture.Batch);
        if (_picture.Reserve(width, height, _pictures, _binding, out Span<float> planes)) { ForgetOutputs(); }
        (Outputs.InputWidth, Outputs.InputHeight) = (width, height);
        return planes[..(pictures * 3 * width * height)];
    }

    /// <summary>Runs the network on the pixels that were written before.</summary>
    /// <param name="text">Unit vectors, row after row; kept (not copied) until another array comes. Not read by a network without a text input.</param>
    /// <param name="rows">Number of prompts, or of the network's own classes.</param>
    /// <param name="withRegions">Whether <see cref="NetworkOutputs.Regions"/> is wanted as well: only of a network that gives it.</param>
    /// <exception cref="ModelException">The network failed.</exception>
    internal void Run(float[] text, int rows, bool withRegions = false)
    {
        if (withRegions != _withRegions)
        {
            ForgetOutputs();
            _withRegions = withRegions;
        }
        if (_text?.Bind(text, rows, _pictures, _binding) == true) { ForgetOutputs(); }
        _picture.Convert();
        try
        {
            if (Bound[0].Value is null) { RunUnknownShape(rows); }
            else
            {
                _model.Session.RunWithBinding(_runOptions, _binding);
                foreach (BoundOutput output in Bound) { output.Widen(); }
            }
        }
        catch (OnnxRuntimeException fault)
        {
            throw SessionFactory.RunFailed(_model.Path, fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (BoundOutput output in _outputsAndRegions) { output.Dispose(); }
        _picture.Dispose();
        _text?.Dispose();
        NativeCount.Release(_binding);
        _runOptions.Dispose();
        Letterbox.Dispose();
        Pixels.Dispose();
    }

    // Only the network knows how many anchors a shape has. The first run lets ONNX Runtime allocate; from the second run on the outputs lie
    // in memory of our own, and a run costs no managed allocation. Where the number of rows depends on the picture every run is a first one.
    private void RunUnknownShape(int rows)
    {
        (string[] names, BoundOutput[] bound) = (Names, Bound);
        _binding.ClearBoundOutputs();
        foreach (string name in names) { _binding.BindOutputToDevice(name, OrtMemoryInfo.DefaultInstance); }
        using IDisposableReadOnlyCollection<OrtValue> outputs = _model.Session.RunWithBoundResults(_runOptions, _binding);
        for (int i = 0; i < bound.Length; i++) { bound[i].Take(outputs[i]); }
        if (Decoder.CountClasses(Outputs) is >= 0 and var count && count < rows)
        {
            throw new ModelException($"{_model.Path}: the network gave {count} scores a box for {rows} classes.", "Use a model that gives a score for each prompt.");
        }
        if (_model.Signature.Layout.HasFreeRows) { return; }
        _binding.ClearBoundOutputs();
        for (int i = 0; i < bound.Length; i++) { _binding.BindOutput(names[i], bound[i].Reserve()); }
    }

    private void ForgetOutputs()
    {
        foreach (BoundOutput output in _outputsAndRegions) { output.Forget(); }
    }
}
