using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Inference;
using OpenVocab.Prompts;

namespace OpenVocab.Clip;

/// <summary>The image side of CLIP as an ONNX network: pictures in, unit vectors out.</summary>
/// <remarks>
/// Safe for any number of threads, which run side by side. A session that is used after its disposal ends the process, so it goes with the last run that is under way.
/// </remarks>
internal sealed class ClipImageNetwork : IDisposable
{
    /// <summary>CLIP's usual input, for files that leave the size open.</summary>
    private const int UsualSide = 224;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly InferenceSession _session;
    private readonly ClipImageRoles _roles;
    private readonly ClipPreprocessor _preprocessor;
    private readonly int _batch;
    private readonly long[] _shape;
    private int _running;
    private bool _disposed;

    /// <summary>Opens the network.</summary>
    /// <param name="path">ONNX file: <c>[B, 3, S, S]</c> float32 or float16 to <c>[B, D]</c>.</param>
    /// <param name="settings">Where to run.</param>
    /// <param name="side">S, for a file that leaves it open; null: 224.</param>
    /// <param name="batch">The most pictures of a run, for a file that leaves it open.</param>
    /// <exception cref="ModelException">The file is no image encoder of CLIP.</exception>
    internal ClipImageNetwork(string path, DeviceSettings settings, int? side, int batch)
    {
        _path = path;
        _session = NativeCount.Track(SessionFactory.Open(path, settings, out DeviceChoice used));
        Device = used.Device;
        try
        {
            _roles = ClipImageRoles.Find(TensorDescription.Of(_session.InputNames, _session.InputMetadata), TensorDescription.Of(_session.OutputNames, _session.OutputMetadata), path);
            _batch = _roles.Picture.Batch > 0 ? _roles.Picture.Batch : batch;
            _preprocessor = new(_roles.Picture.Height > 0 ? _roles.Picture.Height : side ?? UsualSide);
            _shape = _roles.Picture.ShapeFor(_preprocessor.Side, _preprocessor.Side, 1);
            // A file that leaves a side open says neither what it gives nor whether the size fits its position table: one run does.
            Dimensions = _roles is { Dimensions: > 0, Picture.Height: > 0 } ? _roles.Dimensions : Try();
        }
        catch
        {
            NativeCount.Release(_session);
            throw;
        }
    }

    internal ExecutionDevice Device { get; }

    /// <summary>Length of an embedding.</summary>
    internal int Dimensions { get; }

    /// <summary>Side of the input in pixels.</summary>
    internal int Side => _preprocessor.Side;

    /// <summary>Embeds pictures.</summary>
    /// <param name="pictures">Grey, BGR or BGRA, 8 or 16 bits, upright. Not kept, not changed.</param>
    /// <param name="into">As many places; each gets a new unit vector, the only memory that stays behind.</param>
    /// <exception cref="ArgumentException">A picture is empty or of another kind.</exception>
    /// <exception cref="ModelException">The network failed, or gave something that is no vector.</exception>
    internal void Encode(ReadOnlySpan<Mat> pictures, Span<float[]> into)
    {
        Enter();
        int capacity = Math.Min(_batch, Math.Max(pictures.Length, _roles.Picture.Batch));
        float[] planes = ArrayPool<float>.Shared.Rent(capacity * _preprocessor.Length);
        using PixelFormat format = new();
        try
        {
            for (int done = 0; done < pictures.Length; done += _batch)
            {
                ReadOnlySpan<Mat> some = pictures[done..Math.Min(done + _batch, pictures.Length)];
                for (int i = 0; i < some.Length; i++) { _preprocessor.Write(format.ToBgr(some[i]), planes.AsSpan(i * _preprocessor.Length, _preprocessor.Length)); }
                Run(planes, some.Length, into.Slice(done, some.Length));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(planes);
            Leave();
        }
    }

    /// <summary>Frees the network; calls that are running end first. Safe to call twice.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) { return; }
            _disposed = true;
            if (_running > 0) { return; }
        }
        NativeCount.Release(_session);
    }

    private void Run(float[] planes, int count, Span<float[]> into)
    {
        // A network for a fixed number of pictures gets as many; what lies in the rest of them is nobody's business.
        int pictures = _roles.Picture.Batch > 0 ? _roles.Picture.Batch : count;
        Memory<float> values = planes.AsMemory(0, pictures * _preprocessor.Length);
        long[] shape = [pictures, .. _shape[1..]];
        Float16[]? narrow = _roles.Picture.Type == TensorElementType.Float16 ? Narrow(values.Span) : null;
        using OrtValue input = narrow is null
            ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, shape)
            : OrtValue.CreateTensorValueFromMemory(narrow, shape);
        try
        {
            using RunOptions options = new();
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, [_roles.Picture.Name], [input], [_roles.Output]);
            OrtTensorTypeAndShapeInfo info = outputs[0].GetTensorTypeAndShape();
            int length = (int)(info.ElementCount / pictures), size = ElementTypes.SizeOf(info.ElementDataType) * length;
            ReadOnlySpan<byte> raw = outputs[0].GetTensorMutableRawData();
            for (int i = 0; i < count; i++)
            {
                float[] unit = new float[length];
                ElementTypes.Widen(info.ElementDataType, raw.Slice(i * size, size), unit);
                into[i] = UnitVector.Normalize(unit) ? unit : throw new ModelException(
                    $"{_path}: the network gave an embedding that is zero or not finite.", "Check that the image encoder is whole, and is one of CLIP.");
            }
        }
        catch (OnnxRuntimeException fault) { throw SessionFactory.RunFailed(_path, fault); }
    }

    private static Float16[] Narrow(ReadOnlySpan<float> values)
    {
        Float16[] narrow = new Float16[values.Length];
        TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<Float16, Half>(narrow.AsSpan()));
        return narrow;
    }

    private int Try()
    {
        using Mat grey = new(Side, Side, MatType.CV_8UC3, Scalar.All(PixelPacker.BorderLevel));
        float[][] one = [[]];
        Encode(new ReadOnlySpan<Mat>(in grey), one);
        return one[0].Length;
    }

    private void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(ClipImageEncoder));
            _running++;
        }
    }

    private void Leave()
    {
        bool last;
        lock (_gate) { last = --_running == 0 && _disposed; }
        if (last) { NativeCount.Release(_session); }
    }
}
