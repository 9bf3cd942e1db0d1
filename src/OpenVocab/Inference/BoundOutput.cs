using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OpenVocab.Decoding;

namespace OpenVocab.Inference;

/// <summary>Memory of one output, of the size that the last run of unknown size showed. float32 is read in place; other types are widened after each run.</summary>
/// <remarks>One per inference slot and output.</remarks>
internal sealed class BoundOutput : IDisposable
{
    private OrtValue? _value;
    private TensorElementType _type;
    private byte[] _raw = [];

    internal OutputTensor Tensor { get; } = new();

    /// <summary>Memory of our own for the next runs of the same size; null before the first.</summary>
    internal OrtValue? Value => _value;

    /// <summary>Copies what a run gave.</summary>
    internal void Take(OrtValue fresh)
    {
        OrtTensorTypeAndShapeInfo info = fresh.GetTensorTypeAndShape();
        (_type, Tensor.Shape, Tensor.Count) = (info.ElementDataType, info.Shape, (int)info.ElementCount);
        if (Tensor.Values.Length < Tensor.Count) { Tensor.Values = GC.AllocateUninitializedArray<float>(Tensor.Count, pinned: true); }
        ElementTypes.Widen(_type, fresh.GetTensorMutableRawData(), Tensor.Values);
    }

    /// <summary>Makes the memory of <see cref="Value"/>; after <see cref="Take"/>.</summary>
    internal OrtValue Reserve()
    {
        Forget();
        if (_type == TensorElementType.Float) { return _value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, Tensor.Values.AsMemory(0, Tensor.Count), Tensor.Shape); }
        int bytes = Tensor.Count * ElementTypes.SizeOf(_type);
        if (_raw.Length < bytes) { _raw = GC.AllocateUninitializedArray<byte>(bytes, pinned: true); }
        return _value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, _type, Tensor.Shape, Marshal.UnsafeAddrOfPinnedArrayElement(_raw, 0), bytes);
    }

    /// <summary>Converts what a run wrote into <see cref="Value"/>; nothing to do for float32.</summary>
    internal void Widen()
    {
        if (_type != TensorElementType.Float) { ElementTypes.Widen(_type, _raw.AsSpan(0, Tensor.Count * ElementTypes.SizeOf(_type)), Tensor.Values); }
    }

    internal void Forget()
    {
        _value?.Dispose();
        _value = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();
}
