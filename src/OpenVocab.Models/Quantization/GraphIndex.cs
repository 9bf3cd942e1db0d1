using System.Runtime.InteropServices;
using OpenVocab.Models.Onnx;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Quantization;

/// <summary>Who makes and who reads each value of a graph, and which values are constant.</summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, NodeProto> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _initializers = new(StringComparer.Ordinal);

    internal GraphIndex(GraphProto graph)
    {
        Nodes = graph.Node;
        foreach (TensorProto tensor in graph.Initializer) { _initializers[tensor.Name] = tensor; }
        foreach (NodeProto node in graph.Node)
        {
            foreach (string output in node.Output) { _makers[output] = node; }
            foreach (string input in node.Input)
            {
                if (!_readers.TryGetValue(input, out List<NodeProto>? readers)) { _readers[input] = readers = []; }
                readers.Add(node);
            }
        }
    }

    internal IReadOnlyList<NodeProto> Nodes { get; }

    internal NodeProto? MakerOf(string value) => _makers.GetValueOrDefault(value);

    internal IReadOnlyList<NodeProto> ReadersOf(string value) => _readers.TryGetValue(value, out List<NodeProto>? readers) ? readers : [];

    /// <summary>A constant: stored as such, or as half precision behind a node that widens it.</summary>
    internal TensorProto? ConstantOf(string value)
    {
        if (_initializers.TryGetValue(value, out TensorProto? tensor)) { return tensor; }
        return MakerOf(value) switch
        {
            { OpType: "Cast" } cast => ConstantOf(cast.Input[0]),
            { OpType: "Constant" } constant => constant.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T,
            _ => null,
        };
    }

    /// <summary>The numbers of a constant.</summary>
    /// <exception cref="ModelException">It is stored in a way that is not read here.</exception>
    internal static float[] FloatsOf(TensorProto tensor)
    {
        ReadOnlySpan<byte> raw = tensor.RawData.Span;
        long count = tensor.Dims.Aggregate(1L, (product, side) => checked(product * side));
        float[]? values = (DataType)tensor.DataType switch
        {
            DataType.Float => MemoryMarshal.Cast<byte, float>(raw).ToArray(),
            DataType.Float16 => Widen(MemoryMarshal.Cast<byte, Half>(raw)),
            _ => null,
        };
        return values?.Length == count ? values : throw new ModelException(
            $"The weights {tensor.Name} are stored as {(DataType)tensor.DataType}, {raw.Length} bytes for {count} numbers; float32 and float16 inside the file are read.", "Quantize a bundle that models import made.");
    }

    private static float[] Widen(ReadOnlySpan<Half> halves)
    {
        float[] values = new float[halves.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(halves, values);
        return values;
    }
}
