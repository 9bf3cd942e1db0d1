using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace OpenVocab.Inference;

/// <summary>Memory of the text input: the vocabulary's own where the network takes it as it is, otherwise a copy.</summary>
/// <remarks>One per inference slot.</remarks>
internal sealed class TextInput(TextRole role) : IDisposable
{
    private OrtValue? _value;
    private float[]? _bound;
    private int _copies;
    private byte[] _raw = [];

    /// <summary>Binds the rows of a vocabulary; nothing to do where they are bound.</summary>
    /// <param name="text">Unit vectors, row after row; kept, pinned.</param>
    /// <param name="rows">Number of prompts.</param>
    /// <param name="pictures">How many pictures the run takes.</param>
    /// <param name="binding">Gets the memory.</param>
    /// <returns>True if others were bound before.</returns>
    internal bool Bind(float[] text, int rows, int pictures, OrtIoBinding binding)
    {
        int copies = role.CopiesFor(pictures);
        if (ReferenceEquals(text, _bound) && copies == _copies) { return false; }
        _value?.Dispose();
        _value = Wrap(text, copies, role.ShapeFor(rows, pictures));
        binding.BindInput(role.Name, _value);
        (_bound, _copies) = (text, copies);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _value?.Dispose();

    private OrtValue Wrap(float[] text, int copies, long[] shape)
    {
        if (role.Type == TensorElementType.Float && copies == 1) { return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, text.AsMemory(), shape); }
        int bytes = text.Length * ElementTypes.SizeOf(role.Type);
        _raw = GC.AllocateUninitializedArray<byte>(bytes * copies, pinned: true);
        for (int copy = 0; copy < copies; copy++) { ElementTypes.Narrow(role.Type, text, _raw.AsSpan(copy * bytes, bytes)); }
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, role.Type, shape, Marshal.UnsafeAddrOfPinnedArrayElement(_raw, 0), _raw.Length);
    }
}
