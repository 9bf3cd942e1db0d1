using System.Text.RegularExpressions;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Quantization;

/// <summary>
/// Which nodes of a graph are computed with 8-bit numbers. Convolutions with constant weights; what stands between them and has an 8-bit kernel in ONNX Runtime; and what only passes
/// numbers on. Convolutions behind which there is no other one give boxes and regions: they cost little and lose most, and stay float, like everything that looks at the text.
/// </summary>
internal sealed class QuantizationPlan
{
    /// <summary>Gives the numbers that it gets, or numbers between them: what comes out has the range of what goes in.</summary>
    private static readonly HashSet<string> s_passing = ["MaxPool", "Reshape", "Transpose", "Slice", "Split", "Squeeze", "Unsqueeze", "Flatten", "Resize", "Gather"];

    /// <summary>Has an 8-bit kernel with a range of its own for each input and output.</summary>
    private static readonly HashSet<string> s_computing = ["LeakyRelu", "Sigmoid", "Add", "Mul", "AveragePool", "GlobalAveragePool"];

    /// <summary>Only cuts a range off: ONNX Runtime lets the rounding behind it do so.</summary>
    private static readonly HashSet<string> s_cutting = ["Relu", "Clip"];

    private const int LeastChannels = 4;

    private readonly GraphIndex _graph;
    private readonly Regex? _keepFloat;
    private readonly HashSet<NodeProto> _chosen = [];

    /// <param name="graph">Not changed.</param>
    /// <param name="keepFloat">Convolutions whose names it fits stay float; null: none for that.</param>
    internal QuantizationPlan(GraphIndex graph, Regex? keepFloat = null)
    {
        (_graph, _keepFloat) = (graph, keepFloat);
        HashSet<NodeProto> beforeConvolutions = NodesBeforeConvolutions();
        foreach (NodeProto node in graph.Nodes.Where(node => beforeConvolutions.Contains(node) && CanBeChosen(node))) { _chosen.Add(node); }
        Convolutions = [.. graph.Nodes.Where(node => node.OpType == "Conv" && _chosen.Contains(node))];
        foreach (NodeProto node in graph.Nodes.Where(_chosen.Contains))
        {
            foreach (string input in ActivationsOf(node)) { Add(input); }
            foreach (string output in node.Output) { AddUnlessCut(output); }
        }
    }

    /// <summary>Convolutions that are computed with 8-bit numbers.</summary>
    internal IReadOnlyList<NodeProto> Convolutions { get; }

    /// <summary>All values that become 8-bit numbers, in the order of the graph.</summary>
    internal List<string> Values { get; } = [];

    /// <summary>Of a value that has another's range: that other one.</summary>
    internal Dictionary<string, string> RangeOf { get; } = new(StringComparer.Ordinal);

    /// <summary>Values whose range is to be found, and the maps that convolutions take.</summary>
    internal IReadOnlyCollection<string> MeasuredValues => [.. Values.Where(value => RangeOf[value] == value).Concat(Convolutions.Select(node => node.Input[0])).Where(value => !IsInput(value)).Distinct()];

    /// <summary>Values that are joined: with one range, joining them is copying.</summary>
    internal IEnumerable<IReadOnlyList<string>> Joined => _graph.Nodes.Where(node => node.OpType == "Concat" && _chosen.Contains(node)).Select(node => (IReadOnlyList<string>)[.. node.Input.Append(node.Output[0]).Select(value => RangeOf[value])]);

    /// <summary>Whether a value is an input of the network.</summary>
    internal bool IsInput(string value) => _graph.MakerOf(value) is null;

    internal bool IsChosen(NodeProto node) => _chosen.Contains(node);

    /// <summary>Inputs that depend on the picture: not weights, shapes and bounds.</summary>
    internal static IEnumerable<string> ActivationsOf(NodeProto node) => node.OpType is "Concat" or "Add" or "Mul" ? node.Input : node.Input.Take(1);

    /// <summary>What follows a value and bends it, where that is the same for each number: a range need only be good behind it.</summary>
    internal Func<float, float>? ActivationBehind(string value)
    {
        IReadOnlyList<NodeProto> readers = _graph.ReadersOf(value);
        return readers switch
        {
            [{ OpType: "LeakyRelu" } leaky] => Leaky(leaky.Attribute.FirstOrDefault(attribute => attribute.Name == "alpha")?.F ?? 0.01f),
            [var one, var other] when (one.OpType, other.OpType) is ("Sigmoid", "Mul") or ("Mul", "Sigmoid") => x => x / (1 + MathF.Exp(-x)),
            _ => null,
        };
    }

    private static Func<float, float> Leaky(float slope) => x => x < 0 ? slope * x : x;

    private bool CanBeChosen(NodeProto node)
    {
        if (node.OpType == "Conv") { return _graph.ConstantOf(node.Input[1]) is { Dims: [_, var channels, _, _] } && !IsFirst(node, channels) && _keepFloat?.IsMatch(node.Name) != true && (node.Input.Count < 3 || node.Input[2].Length == 0 || _graph.ConstantOf(node.Input[2]) is not null); }
        if (s_passing.Contains(node.OpType) || s_cutting.Contains(node.OpType)) { return FromChosen(node.Input[0]); }
        if (s_computing.Contains(node.OpType)) { return ActivationsOf(node).All(FromChosen); }
        // A float part that joins 8-bit ones is rounded on its way in: cheaper than widening all the others.
        return node.OpType == "Concat" && node.Input.Any(FromChosen);
    }

    // Of a picture's three channels: too few for the 8-bit kernels, which are slower here than float.
    private static bool IsFirst(NodeProto node, long channels) => channels < LeastChannels && (node.Attribute.FirstOrDefault(attribute => attribute.Name == "group")?.I ?? 1) == 1;

    private bool FromChosen(string value) => _graph.MakerOf(value) is { } maker && _chosen.Contains(maker);

    private void AddUnlessCut(string value)
    {
        if (_graph.MakerOf(value) is { OpType: "Conv" } && _graph.ReadersOf(value) is [var only] && _chosen.Contains(only) && s_cutting.Contains(only.OpType)) { return; }
        Add(value);
    }

    private void Add(string value)
    {
        if (RangeOf.ContainsKey(value)) { return; }
        NodeProto? maker = _graph.MakerOf(value);
        RangeOf[value] = maker is not null && _chosen.Contains(maker) && s_passing.Contains(maker.OpType) && RangeOf.TryGetValue(maker.Input[0], out string? range) ? range : value;
        Values.Add(value);
    }

    private HashSet<NodeProto> NodesBeforeConvolutions()
    {
        HashSet<NodeProto> before = [];
        for (int i = _graph.Nodes.Count - 1; i >= 0; i--)
        {
            NodeProto node = _graph.Nodes[i];
            if (node.Output.Any(output => _graph.ReadersOf(output).Any(reader => reader.OpType == "Conv" || before.Contains(reader)))) { before.Add(node); }
        }
        return before;
    }
}
