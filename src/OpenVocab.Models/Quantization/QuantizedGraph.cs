using System.Text.RegularExpressions;
using Google.Protobuf.Collections;
using OpenVocab.Models.Onnx;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Quantization;

/// <summary>
/// Writes rounding into a graph: each 8-bit value goes through QuantizeLinear and DequantizeLinear ("QDQ"), each weight is stored as 8-bit numbers behind a DequantizeLinear. That is the
/// form from which ONNX Runtime fuses its 8-bit kernels; another runtime computes the same in float.
/// </summary>
internal sealed class QuantizedGraph
{
    private const string Levels = ".levels", Rounded = ".rounded";

    private readonly QuantizationPlan _plan;
    private readonly IReadOnlyDictionary<string, ValueRange> _ranges;
    private readonly IReadOnlyDictionary<string, ActivationHistogram> _seen;
    private readonly GraphIndex _index;
    private readonly int _bits;
    private readonly GraphProto _graph;
    private readonly List<NodeProto> _nodes = [];
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    private QuantizedGraph(GraphProto graph, Regex? keepFloat, IReadOnlyDictionary<string, ValueRange> ranges, IReadOnlyDictionary<string, ActivationHistogram> seen, int bits)
    {
        (_graph, _index, _ranges, _seen, _bits) = (graph, new(graph), ranges, seen, bits);
        _plan = new(_index, keepFloat);
    }

    /// <summary>Changes a model in place.</summary>
    /// <param name="model">In float.</param>
    /// <param name="keepFloat">As the plan was made with.</param>
    /// <param name="ranges">Of every value of its <see cref="QuantizationPlan"/>.</param>
    /// <param name="seen">What those values were.</param>
    /// <param name="bits">Of the weights, 7 or 8.</param>
    internal static void Write(ModelProto model, Regex? keepFloat, IReadOnlyDictionary<string, ValueRange> ranges, IReadOnlyDictionary<string, ActivationHistogram> seen, int bits)
    {
        new QuantizedGraph(model.Graph, keepFloat, ranges, seen, bits).Run();
        model.MetadataProps.Add(new StringStringEntryProto { Key = "weight_bits", Value = Invariant($"{bits}") });
    }

    private void Run()
    {
        NodeProto[] nodes = [.. _graph.Node];
        foreach (ValueInfoProto input in _graph.Input) { RoundIfPlanned(input.Name); }
        foreach (NodeProto node in nodes)
        {
            if (_plan.IsChosen(node))
            {
                if (node.OpType == "Conv") { StoreWeights(node); }
                foreach (string value in QuantizationPlan.ActivationsOf(node).Distinct().ToArray()) { Redirect(node.Input, value, Rounded); }
            }
            else
            {
                // Beside an 8-bit node, others read what it was rounded to: its own output goes nowhere else, so that the kernel can be fused. A shape is read of the levels: one reader less that keeps them from
                // staying 8-bit.
                foreach (string value in node.Input.Distinct().Where(value => _index.MakerOf(value) is { } maker && _plan.IsChosen(maker)).ToArray()) { Redirect(node.Input, value, node.OpType == "Shape" ? Levels : Rounded); }
            }
            _nodes.Add(node);
            foreach (string output in node.Output) { RoundIfPlanned(output); }
        }
        _graph.Node.Clear();
        _graph.Node.Add(_nodes);
        // The float weights, and the nodes that widened them.
        UnusedNodes.Remove(_graph);
    }

    private void RoundIfPlanned(string value)
    {
        if (!_ranges.TryGetValue(value, out ValueRange range)) { return; }
        string own = _plan.RangeOf[value];
        if (_written.Add(own))
        {
            _graph.Initializer.Add(QuantizedWeights.Tensor<float>(own + ".scale", DataType.Float, [range.Scale]));
            _graph.Initializer.Add(QuantizedWeights.Tensor<byte>(own + ".zero", DataType.Uint8, [range.ZeroPoint]));
        }
        _nodes.Add(new NodeProto { OpType = "QuantizeLinear", Name = value + ".round", Input = { value, own + ".scale", own + ".zero" }, Output = { value + Levels } });
        _nodes.Add(new NodeProto { OpType = "DequantizeLinear", Name = value + ".widen", Input = { value + Levels, own + ".scale", own + ".zero" }, Output = { value + Rounded } });
    }

    private void Redirect(RepeatedField<string> inputs, string value, string form)
    {
        if (!_ranges.ContainsKey(value)) { return; }
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] == value) { inputs[i] = value + form; }
        }
    }

    private void StoreWeights(NodeProto node)
    {
        TensorProto stored = _index.ConstantOf(node.Input[1])!;
        int channels = (int)stored.Dims[0];
        float[] floats = GraphIndex.FloatsOf(stored);
        QuantizedWeights weights = QuantizedWeights.Of(floats, channels, _bits);
        // By the node: a weight may serve several, whose inputs have other ranges.
        string name = node.Output[0];
        node.Input[1] = Store(name + ".weight", QuantizedWeights.Tensor<sbyte>(name + ".weight.levels", DataType.Int8, weights.Levels, stored.Dims), weights.Scales, DataType.Int8, new byte[channels]);
        if (node.Input.Count < 3 || node.Input[2].Length == 0) { return; }
        float inputScale = _ranges[node.Input[0]].Scale;
        long groups = node.Attribute.FirstOrDefault(attribute => attribute.Name == "group")?.I ?? 1;
        double[] loss = _seen.TryGetValue(node.Input[0], out ActivationHistogram? seen) && seen.ChannelMeans is { Length: > 0 } means ? weights.Loss(floats, means, (int)groups) : [];
        int[] bias = weights.Bias(GraphIndex.FloatsOf(_index.ConstantOf(node.Input[2])!), loss, inputScale);
        node.Input[2] = Store(name + ".bias", QuantizedWeights.Tensor<int>(name + ".bias.levels", DataType.Int32, bias, channels), [.. weights.Scales.Select(scale => scale * inputScale)], DataType.Int32, new byte[sizeof(int) * channels]);
    }

    private string Store(string name, TensorProto levels, float[] scales, DataType type, byte[] zeros)
    {
        TensorProto zero = QuantizedWeights.Tensor<byte>(name + ".zero", type, zeros, scales.Length);
        _graph.Initializer.Add([levels, QuantizedWeights.Tensor<float>(name + ".scale", DataType.Float, scales, scales.Length), zero]);
        _nodes.Add(new NodeProto { OpType = "DequantizeLinear", Name = name + ".widen", Input = { levels.Name, name + ".scale", zero.Name }, Output = { name }, Attribute = { GraphBuilder.Attribute("axis", 0L) } });
        return name;
    }
}
