using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using OpenVocab.Models.Onnx;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Tests.Layouts;

/// <summary>Writes tiny networks for tests: what they give is known beforehand, and scores follow the brightness of the picture's first pixel.</summary>
internal sealed class TinyGraph
{
    private readonly GraphProto _graph = new() { Name = "tiny" };
    private readonly List<(string Key, string Value)> _metadata = [];
    private readonly string _batch;
    private readonly string _red;

    /// <summary>A network with a picture input.</summary>
    /// <param name="batch">Null: free.</param>
    /// <param name="height">Null: free.</param>
    /// <param name="width">Null: free.</param>
    /// <param name="channelsLast">True: <c>[B, H, W, 3]</c>.</param>
    /// <param name="type">float32, float16 or uint8.</param>
    internal TinyGraph(int? batch = 1, int? height = KnownBoxes.Height, int? width = KnownBoxes.Width, bool channelsLast = false, DataType type = DataType.Float)
    {
        int?[] shape = channelsLast ? [batch, height, width, 3] : [batch, 3, height, width];
        _graph.Input.Add(Describe("images", type, shape));
        _batch = Node("Slice", [Node("Shape", ["images"]), Longs(0), Longs(1)]);
        string red = Node("Gather", [Node("Gather", [Node("Gather", ["images", Long(0)], ("axis", channelsLast ? 3 : 1)), Long(0)], ("axis", 1)), Long(0)], ("axis", 1));
        red = Cast(red, DataType.Float);
        _red = type == DataType.Uint8 ? Node("Div", [red, Floats([255f])]) : red;
    }

    /// <summary>Adds another input.</summary>
    internal string Input(string name, DataType type, params int?[] shape)
    {
        _graph.Input.Add(Describe(name, type, shape));
        return name;
    }

    /// <summary>Declares an output; a side that is null is left open.</summary>
    internal TinyGraph Output(string name, string value, DataType type, params int?[] shape)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Input = { value }, Output = { name } });
        _graph.Output.Add(Describe(name, type, shape));
        return this;
    }

    internal TinyGraph Metadata(string key, string value)
    {
        _metadata.Add((key, value));
        return this;
    }

    /// <summary>The first constant as a file of its own.</summary>
    internal TinyGraph WithExternalData(string location)
    {
        TensorProto constant = _graph.Initializer.First(tensor => tensor.DataType == (int)DataType.Float);
        (constant.RawData, constant.DataLocation) = (ByteString.Empty, 1);
        constant.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        return this;
    }

    internal string Save(TemporaryFolder folder, string name = "tiny.onnx")
    {
        ModelProto model = new() { IrVersion = 8, ProducerName = "tests", Graph = _graph, OpsetImport = { new OperatorSetIdProto { Version = 13 } } };
        model.MetadataProps.AddRange(_metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        File.WriteAllBytes(folder[name], model.ToByteArray());
        return folder[name];
    }

    /// <summary>The same numbers for every picture of the batch: <c>[1, …]</c> becomes <c>[B, …]</c>.</summary>
    internal string ForEach(float[] values, params long[] shape) => Node("Expand", [Floats(values, [1, .. shape]), Node("Concat", [_batch, Longs(shape)], ("axis", 0))]);

    /// <summary>Numbers that are as given for a white picture, and go to zero with its brightness.</summary>
    internal string Scores(float[] values, params long[] shape) => Node("Mul", [ForEach(values, shape), Brightness(shape.Length)]);

    /// <summary>Logits that are as given for a white picture, and fall by 20 with its brightness.</summary>
    internal string Logits(float[] values, params long[] shape) => Node("Add", [ForEach(values, shape), Node("Mul", [Node("Sub", [Brightness(shape.Length), Floats([1f])]), Floats([20f])])]);

    /// <summary>Brightness of each picture, with so many sides of length 1 behind it.</summary>
    internal string Brightness(int sides) => Node("Reshape", [_red, Longs([-1, .. Enumerable.Repeat(1L, sides)])]);

    /// <summary>Index of each picture in the batch, <c>[B]</c>.</summary>
    internal string Indices() => Cast(Node("Range", [Long(0), Node("Squeeze", [_batch]), Long(1)]), DataType.Float);

    internal string Cast(string value, DataType type) => Node("Cast", [value], ("to", (int)type));

    internal string Reshape(string value, params long[] shape) => Node("Reshape", [value, Longs(shape)]);

    /// <summary>Changes the last two of three sides.</summary>
    internal string Swap(string value)
    {
        string swapped = Node("Transpose", [value]);
        AttributeProto order = new() { Name = "perm", Type = AttributeProto.Types.AttributeType.Ints };
        order.Ints.AddRange([0, 2, 1]);
        _graph.Node[^1].Attribute.Add(order);
        return swapped;
    }

    internal string Join(int axis, params string[] values) => Node("Concat", values, ("axis", axis));

    internal string Floats(float[] values, params long[] shape) => Constant(DataType.Float, MemoryMarshal.AsBytes(values.AsSpan()), shape.Length == 0 ? [values.Length] : shape);

    internal string Longs(params long[] values) => Constant(DataType.Int64, MemoryMarshal.AsBytes(values.AsSpan()), [values.Length]);

    internal string Node(string type, string[] inputs, params (string Name, int Value)[] attributes)
    {
        string output = string.Create(CultureInfo.InvariantCulture, $"n{_graph.Node.Count}");
        NodeProto node = new() { OpType = type, Output = { output } };
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(attributes.Select(attribute => new AttributeProto { Name = attribute.Name, I = attribute.Value, Type = AttributeProto.Types.AttributeType.Int }));
        _graph.Node.Add(node);
        return output;
    }

    private string Long(long value) => Constant(DataType.Int64, MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)), []);

    private string Constant(DataType type, ReadOnlySpan<byte> bytes, long[] shape)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"c{_graph.Initializer.Count}");
        TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape);
        _graph.Initializer.Add(tensor);
        return name;
    }

    private static ValueInfoProto Describe(string name, DataType type, int?[] shape)
    {
        TensorShapeProto sides = new();
        for (int i = 0; i < shape.Length; i++)
        {
            sides.Dim.Add(shape[i] is { } side ? new TensorShapeProto.Types.Dimension { DimValue = side } : new TensorShapeProto.Types.Dimension { DimParam = $"{name}_{i}" });
        }
        return new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = sides } } };
    }
}
