using OpenVocab.Models.Onnx;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Quantization;

/// <summary>
/// Rewrites parts of a graph that have no good 8-bit kernel, with the same results: shuffled and split channels, whose shapes exporters compute anew for each picture, become a choice of
/// channels by number; a softplus, which ONNX Runtime computes number by number, becomes operators that it computes in vectors; of an activation and a maximum
/// behind it the maximum comes first.
/// </summary>
internal sealed class GraphSimplifier
{
    private const int ChannelAxis = 1;

    private readonly GraphProto _graph;
    private readonly GraphIndex _index;
    private readonly Dictionary<string, int> _channels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string From, long[] Channels)> _chosen = new(StringComparer.Ordinal);

    private GraphSimplifier(GraphProto graph) => (_graph, _index) = (graph, new(graph));

    /// <summary>Changes a model in place.</summary>
    internal static void Run(ModelProto model)
    {
        PoolFirst(model.Graph);
        new GraphSimplifier(model.Graph).Rewrite();
    }

    private void Rewrite()
    {
        NodeProto[] nodes = [.. _graph.Node];
        List<NodeProto> written = [];
        foreach (NodeProto node in nodes)
        {
            NoteChannels(node);
            if (Choice(node) is { } choice) { written.Add(Choose(node.Output[0], choice)); }
            else if (node.OpType == "Softplus") { written.AddRange(Softplus(node)); }
            else { written.Add(node); }
        }
        _graph.Node.Clear();
        _graph.Node.Add(written);
        UnusedNodes.Remove(_graph);
    }

    private (string From, long[] Channels)? Choice(NodeProto node)
    {
        (string From, long[] Channels)? choice = node.OpType switch { "Reshape" => Shuffle(node), "Slice" => Part(node), _ => null };
        if (choice is not { } found) { return null; }
        // Of a choice: both at once.
        if (_chosen.TryGetValue(found.From, out (string From, long[] Channels) before)) { found = (before.From, [.. found.Channels.Select(channel => before.Channels[channel])]); }
        _channels[node.Output[0]] = found.Channels.Length;
        return _chosen[node.Output[0]] = found;
    }

    // [B, C, H, W] as [B, g, C/g, H, W], the two transposed, and back (Zhang et al. 2018, "ShuffleNet", section 3.1).
    private (string From, long[] Channels)? Shuffle(NodeProto last)
    {
        if (_index.MakerOf(last.Input[0]) is not { OpType: "Transpose" } transpose || !transpose.Attribute.Any(attribute => attribute.Name == "perm" && attribute.Ints.SequenceEqual([0L, 2, 1, 3, 4]))) { return null; }
        if (_index.MakerOf(transpose.Input[0]) is not { OpType: "Reshape" } first || !_channels.TryGetValue(first.Input[0], out int channels)) { return null; }
        if (Side(first.Input[1]) is not { } groups || groups < 1 || channels % groups != 0 || Side(last.Input[1]) != channels) { return null; }
        long each = channels / groups;
        return (first.Input[0], [.. Enumerable.Range(0, channels).Select(i => i % groups * each + i / groups)]);
    }

    private (string From, long[] Channels)? Part(NodeProto slice)
    {
        if (slice.Input.Count != 4 || !_channels.TryGetValue(slice.Input[0], out int channels) || NumberOf(slice.Input[3]) != ChannelAxis) { return null; }
        if (NumberOf(slice.Input[1]) is not { } begin || NumberOf(slice.Input[2]) is not { } end || begin < 0 || begin >= end) { return null; }
        return (slice.Input[0], [.. Enumerable.Range((int)begin, (int)(Math.Min(end, channels) - begin)).Select(channel => (long)channel)]);
    }

    private NodeProto Choose(string output, (string From, long[] Channels) choice)
    {
        string indices = output + ".channels";
        _graph.Initializer.Add(QuantizedWeights.Tensor<long>(indices, DataType.Int64, choice.Channels, choice.Channels.Length));
        return new() { OpType = "Gather", Name = output + ".choose", Input = { choice.From, indices }, Output = { output }, Attribute = { GraphBuilder.Attribute("axis", (long)ChannelAxis) } };
    }

    // log(1 + exp(x)), which is x from 20 on; exp has room up to 88.
    private IEnumerable<NodeProto> Softplus(NodeProto node)
    {
        string x = node.Input[0], y = node.Output[0], one = y + ".one", most = y + ".most";
        _graph.Initializer.Add(QuantizedWeights.Tensor<float>(one, DataType.Float, [1]));
        _graph.Initializer.Add(QuantizedWeights.Tensor<float>(most, DataType.Float, [80]));
        (string, string[], string)[] steps = [("Min", [x, most], "bounded"), ("Exp", ["bounded"], "power"), ("Add", ["power", one], "sum"), ("Log", ["sum"], y)];
        string Named(string name) => name == x || name == y || name == one || name == most ? name : $"{y}.{name}";
        return steps.Select(step => new NodeProto { OpType = step.Item1, Name = $"{y}.{step.Item1}.{step.Item3}", Input = { step.Item2.Select(Named) }, Output = { Named(step.Item3) } });
    }

    // What grows does not change which number is the largest; and rounding then stays behind the pooling, which ONNX Runtime is slow at in 8 bits.
    private static void PoolFirst(GraphProto graph)
    {
        GraphIndex index = new(graph);
        foreach (NodeProto pool in index.Nodes.Where(node => node.OpType == "MaxPool" && node.Output.Count == 1).ToArray())
        {
            if (index.MakerOf(pool.Input[0]) is not { OpType: "LeakyRelu" or "Relu" } activation || index.ReadersOf(activation.Output[0]).Count != 1) { continue; }
            (string input, string output) = (activation.Input[0], pool.Output[0]);
            string pooled = output + ".before";
            (int at, int later) = (graph.Node.IndexOf(activation), graph.Node.IndexOf(pool));
            (pool.Input[0], pool.Output[0], activation.Input[0], activation.Output[0]) = (input, pooled, pooled, output);
            (graph.Node[at], graph.Node[later]) = (pool, activation);
        }
    }

    private void NoteChannels(NodeProto node)
    {
        int? channels = node.OpType switch
        {
            "Conv" => _index.ConstantOf(node.Input[1]) is { Dims: [var first, ..] } ? (int)first : null,
            "Concat" when node.Attribute.Any(attribute => attribute.Name == "axis" && attribute.I == ChannelAxis) && node.Input.All(_channels.ContainsKey) => node.Input.Sum(input => _channels[input]),
            "LeakyRelu" or "Relu" or "Clip" or "Sigmoid" or "HardSwish" or "Mul" or "Add" or "MaxPool" or "AveragePool" or "Resize" when _channels.TryGetValue(node.Input[0], out int same) => same,
            _ => null,
        };
        if (channels is { } known) { _channels[node.Output[0]] = known; }
    }

    // The second of the sides that a shape is put together from.
    private long? Side(string shape) => _index.MakerOf(shape) is { OpType: "Concat", Input: [_, var second, ..] } ? NumberOf(second) : null;

    /// <summary>A whole number that the graph computes from constants and numbers of channels; null: from something else.</summary>
    private long? NumberOf(string value)
    {
        if (_index.ConstantOf(value) is { } constant) { return constant.DataType == (int)DataType.Int64 && constant.RawData.Length == sizeof(long) ? BitConverter.ToInt64(constant.RawData.Span) : null; }
        if (_index.MakerOf(value) is not { } maker) { return null; }
        return maker.OpType switch
        {
            "Cast" or "Unsqueeze" or "Squeeze" => NumberOf(maker.Input[0]),
            "Gather" when _index.MakerOf(maker.Input[0]) is { OpType: "Shape" } shape && NumberOf(maker.Input[1]) == ChannelAxis && _channels.TryGetValue(shape.Input[0], out int channels) => channels,
            "Add" => NumberOf(maker.Input[0]) + NumberOf(maker.Input[1]),
            "Mul" => NumberOf(maker.Input[0]) * NumberOf(maker.Input[1]),
            "Div" => NumberOf(maker.Input[1]) is not (null or 0) and var divisor ? NumberOf(maker.Input[0]) / divisor : null,
            _ => null,
        };
    }
}
