using Google.Protobuf;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Onnx;

/// <summary>A value in a graph: what an input, a weight or a node gives.</summary>
internal readonly record struct Value(string Name);

/// <summary>Writes an ONNX graph node by node, in the order in which it is computed; names tell which part of the network a node belongs to.</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>LayerNormalization and ReduceMax with fixed axes: what is written here needs 17, and ONNX Runtime has it since 1.12.</summary>
    private const int OperatorSet = 17, IrVersion = 8;

    /// <summary>Smaller weights stay float32 in a graph of half precision: they cost nothing, and biases keep their digits.</summary>
    private const int LeastHalf = 256;

    private readonly ModelProto _model;
    private readonly bool _half;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> _constants = new(StringComparer.Ordinal);
    private string _scope = "";

    /// <summary>Begins a graph.</summary>
    /// <param name="name">What viewers call it.</param>
    /// <param name="half">Store weights as float16; they are widened when the model is loaded, and computed with in float32.</param>
    internal GraphBuilder(string name, bool half)
    {
        _half = half;
        _model = new() { IrVersion = IrVersion, ProducerName = "OpenVocab", ProducerVersion = typeof(GraphBuilder).Assembly.GetName().Version!.ToString(3), Graph = new() { Name = name } };
        _model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
    }

    /// <summary>Names of the nodes that follow begin with this: the path of a part of the network.</summary>
    internal void Enter(string scope) => _scope = scope;

    /// <summary>An input; sides are numbers, or names of sides that are free.</summary>
    internal Value Input(string name, DataType type, params object[] sides)
    {
        _model.Graph.Input.Add(Describe(name, type, sides));
        _names.Add(name);
        return new(name);
    }

    /// <summary>An output; sides are numbers, or names of sides that are free.</summary>
    internal void Output(string name, Value value, params object[] sides)
    {
        _model.Graph.Node.Add(new NodeProto { OpType = "Identity", Name = name, Input = { value.Name }, Output = { name } });
        _model.Graph.Output.Add(Describe(name, DataType.Float, sides));
    }

    internal void Metadata(string key, string value) => _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });

    /// <summary>Numbers that were learned.</summary>
    /// <param name="name">Within the part of the network that is being written.</param>
    /// <param name="bytes">Little-endian float32; taken over, not copied.</param>
    /// <param name="shape">Sides, slowest first.</param>
    internal Value Weight(string name, byte[] bytes, params long[] shape)
    {
        string unique = Unique(name);
        TensorProto tensor = new() { Name = unique, DataType = (int)DataType.Float };
        tensor.Dims.Add(shape);
        if (!_half || bytes.Length / sizeof(float) < LeastHalf)
        {
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
            _model.Graph.Initializer.Add(tensor);
            return new(unique);
        }
        (tensor.Name, tensor.DataType, tensor.RawData) = (unique + ".half", (int)DataType.Float16, UnsafeByteOperations.UnsafeWrap(HalfPrecision.Of(bytes)));
        _model.Graph.Initializer.Add(tensor);
        _model.Graph.Node.Add(new NodeProto { OpType = "Cast", Name = unique, Input = { tensor.Name }, Output = { unique }, Attribute = { Attribute("to", (long)DataType.Float) } });
        return new(unique);
    }

    /// <summary>Whole numbers; those that are there already are used again.</summary>
    internal Value Integers(params long[] values) => Constant($"int64 {string.Join(' ', values)}", DataType.Int64, [values.Length], System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(values));

    /// <summary>One whole number, without sides.</summary>
    internal Value Integer(long value) => Constant($"int64 scalar {value}", DataType.Int64, [], BitConverter.GetBytes(value));

    /// <summary>One number, without sides.</summary>
    internal Value Number(float value) => Constant(Invariant($"float {value:R}"), DataType.Float, [], BitConverter.GetBytes(value));

    /// <summary>A node with one output.</summary>
    internal Value Node(string operation, ReadOnlySpan<Value> inputs, params ReadOnlySpan<AttributeProto> attributes) => Nodes(operation, inputs, 1, attributes)[0];

    /// <summary>A node with several outputs.</summary>
    internal Value[] Nodes(string operation, ReadOnlySpan<Value> inputs, int outputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        NodeProto node = new() { OpType = operation, Name = Unique(operation) };
        foreach (Value input in inputs) { node.Input.Add(input.Name ?? ""); }
        foreach (AttributeProto attribute in attributes) { node.Attribute.Add(attribute); }
        Value[] values = new Value[outputs];
        for (int i = 0; i < outputs; i++)
        {
            values[i] = new(outputs == 1 ? node.Name + ".out" : Invariant($"{node.Name}.out{i}"));
            node.Output.Add(values[i].Name);
        }
        _model.Graph.Node.Add(node);
        return values;
    }

    /// <summary>Writes the file beside its place and renames it when it is whole.</summary>
    internal void Save(string path) => OnnxFile.Write(_model, path);

    internal static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    internal static AttributeProto Attribute(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    internal static AttributeProto Attribute(string name, string value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    internal static AttributeProto Attribute(string name, ReadOnlySpan<long> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (long value in values) { attribute.Ints.Add(value); }
        return attribute;
    }

    private Value Constant(string key, DataType type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        if (_constants.TryGetValue(key, out Value known)) { return known; }
        TensorProto tensor = new() { Name = Invariant($"constant{_constants.Count}"), DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.Add(shape);
        _model.Graph.Initializer.Add(tensor);
        return _constants[key] = new(tensor.Name);
    }

    private string Unique(string name)
    {
        string whole = _scope.Length == 0 ? name : $"{_scope}.{name}", unique = whole;
        for (int i = 2; !_names.Add(unique); i++) { unique = Invariant($"{whole}_{i}"); }
        return unique;
    }

    private static ValueInfoProto Describe(string name, DataType type, object[] sides)
    {
        TensorShapeProto shape = new();
        foreach (object side in sides) { shape.Dim.Add(side is string free ? new TensorShapeProto.Types.Dimension { DimParam = free } : new() { DimValue = Convert.ToInt64(side, System.Globalization.CultureInfo.InvariantCulture) }); }
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }
}
