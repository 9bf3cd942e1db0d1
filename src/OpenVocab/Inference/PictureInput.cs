using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace OpenVocab.Inference;

/// <summary>Memory of the picture input. It is always filled as float32 planes; a network that wants something else gets a converted copy.</summary>
/// <remarks>One per inference slot.</remarks>
internal sealed class PictureInput(PictureRole role) : IDisposable
{
    private readonly bool _plain = role is { Type: TensorElementType.Float, ChannelsLast: false };
    private float[] _planes = [];
    private float[] _interleaved = [];
    private byte[] _raw = [];
    private OrtValue? _value;
    private (int Width, int Height, int Pictures) _size;

    /// <summary>The planes of a shape: picture after picture, red first, 0 to 1.</summary>
    /// <param name="width">Width of the network's input.</param>
    /// <param name="height">Height of the network's input.</param>
    /// <param name="pictures">How many pictures the run takes.</param>
    /// <param name="binding">Gets the memory where the shape is another than before.</param>
    /// <param name="planes">As long as the shape needs.</param>
    /// <returns>True if the shape is another than before.</returns>
    internal bool Reserve(int width, int height, int pictures, OrtIoBinding binding, out Span<float> planes)
    {
        int length = pictures * 3 * width * height;
        bool changed = _size != (width, height, pictures);
        if (changed)
        {
            _value?.Dispose();
            // Only ever grows: the number of pictures changes from run to run where several sources share a model.
            if (_planes.Length < length) { _planes = GC.AllocateUninitializedArray<float>(length, pinned: true); }
            _value = Wrap(role.ShapeFor(width, height, pictures), length);
            binding.BindInput(role.Name, _value);
            _size = (width, height, pictures);
        }
        planes = _planes.AsSpan(0, length);
        return changed;
    }

    /// <summary>Brings the planes into the form that the network takes; nothing to do for the usual one.</summary>
    internal void Convert()
    {
        if (_plain) { return; }
        int plane = _size.Width * _size.Height, length = plane * 3 * _size.Pictures;
        ReadOnlySpan<float> values = _planes.AsSpan(0, length);
        if (role.ChannelsLast)
        {
            for (int picture = 0; picture < _size.Pictures; picture++) { Interleave(values.Slice(picture * 3 * plane, 3 * plane), _interleaved.AsSpan(picture * 3 * plane, 3 * plane)); }
            values = _interleaved.AsSpan(0, length);
        }
        ElementTypes.Narrow(role.Type, values, _raw);
    }

    /// <inheritdoc/>
    public void Dispose() => _value?.Dispose();

    private OrtValue Wrap(long[] shape, int length)
    {
        if (_plain) { return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _planes.AsMemory(0, length), shape); }
        int bytes = length * ElementTypes.SizeOf(role.Type);
        if (_raw.Length < bytes) { _raw = GC.AllocateUninitializedArray<byte>(bytes, pinned: true); }
        if (role.ChannelsLast && _interleaved.Length < length) { _interleaved = new float[length]; }
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, role.Type, shape, Marshal.UnsafeAddrOfPinnedArrayElement(_raw, 0), bytes);
    }

    private static void Interleave(ReadOnlySpan<float> planes, Span<float> pixels)
    {
        int plane = planes.Length / 3;
        for (int i = 0, at = 0; i < plane; i++, at += 3) { (pixels[at], pixels[at + 1], pixels[at + 2]) = (planes[i], planes[plane + i], planes[2 * plane + i]); }
    }
}
