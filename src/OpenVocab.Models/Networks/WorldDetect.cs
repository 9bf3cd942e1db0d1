using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>
/// The head: of every anchor a box (distribution focal loss, Li et al. 2020) and a region embedding, which is compared with every word (Cheng et al. 2024, "YOLO-World", section 3.2).
/// </summary>
/// <remarks>
/// A region has one number more than a word: the level's bias, against a 1 at the end of each query. So the scores of all words are one matrix product, and a region can be kept and
/// compared with other words later: score = sigmoid(region · [word / |word|, 1]).
/// </remarks>
internal static class WorldDetect
{
    /// <summary>One level of the head before it is decoded.</summary>
    /// <param name="Boxes"><c>[B, 4 · bins, H, W]</c>: logits of left, top, right, bottom.</param>
    /// <param name="Regions"><c>[B, D + 1, H · W]</c>.</param>
    /// <param name="Logits"><c>[B, K, H · W]</c>.</param>
    internal sealed record Level(Value Boxes, Value Regions, Value Logits);

    /// <summary>All levels.</summary>
    /// <param name="graph">Gets the nodes.</param>
    /// <param name="head">Has <c>cv2</c> (boxes), <c>cv3</c> (embeddings) and <c>cv4</c> (comparison) for each level.</param>
    /// <param name="maps">P3, P4, P5, <c>[B, C, H, W]</c>.</param>
    /// <param name="text"><c>[1, K, D]</c>, unit vectors.</param>
    internal static IReadOnlyList<Level> Levels(GraphBuilder graph, CheckpointModule head, IReadOnlyList<Value> maps, Value text)
    {
        graph.Enter(head.Path);
        Value query = graph.Node("Pad", [text, graph.Integers(0, 0, 0, 0, 0, 1), graph.Number(1)]);
        List<Level> levels = [];
        for (int i = 0; i < maps.Count; i++)
        {
            string number = Invariant($"{i}");
            CheckpointModule boxes = head.Require("cv2").Require(number), embedding = head.Require("cv3").Require(number);
            Value boxLogits = Convolution.Read(boxes.Require("2")).Build(graph, Trunk(graph, boxes, maps[i]));
            Value regions = Regions(graph, head.Require("cv4").Require(number), Convolution.Read(embedding.Require("2")), Trunk(graph, embedding, maps[i]));
            levels.Add(new(boxLogits, regions, graph.MatMul(query, regions)));
        }
        return levels;
    }

    /// <summary>Boxes and probabilities of all anchors.</summary>
    /// <param name="graph">Gets the nodes.</param>
    /// <param name="head">Its <c>dfl</c> has the value of each bin.</param>
    /// <param name="levels">From <see cref="Levels"/>.</param>
    /// <param name="strides">Pixels between the anchors of each level.</param>
    /// <returns><c>[B, 4 + K, A]</c>: centre, width and height in pixels, then a probability of each word.</returns>
    internal static Value Decode(GraphBuilder graph, CheckpointModule head, IReadOnlyList<Level> levels, IReadOnlyList<float> strides)
    {
        graph.Enter(head.Path + ".decode");
        Floats bins = head.Require("dfl").Require("conv").RequireTensor("weight").ToFloats();
        Value logits = graph.Concat(2, [.. levels.Select(level => graph.Reshape(level.Boxes, 0, 4L * bins.Count, -1))]);
        Value shares = graph.Softmax(graph.Transpose(graph.Reshape(logits, 0, 4, bins.Count, -1), 0, 1, 3, 2), -1);
        Value distances = graph.Squeeze(graph.MatMul(shares, graph.Weight("bins", bins.Bytes, bins.Count, 1)), 3);
        Value[] corners = graph.Split(distances, 1, 2, 2);
        (Value leftTop, Value rightBottom) = (corners[0], corners[1]);

        List<Value> centres = [], scales = [];
        foreach ((Level level, float stride) in levels.Zip(strides))
        {
            (Value centre, Value scale) = Anchors(graph, level.Boxes, stride);
            centres.Add(centre);
            scales.Add(scale);
        }
        Value pixels = graph.Concat(1, [.. scales]);
        Value shift = graph.Multiply(graph.Multiply(graph.Subtract(rightBottom, leftTop), graph.Number(0.5f)), pixels);
        Value places = graph.Add(graph.Concat(1, [.. centres]), shift);
        Value sizes = graph.Multiply(graph.Add(leftTop, rightBottom), pixels);
        Value probabilities = graph.Sigmoid(graph.Concat(2, [.. levels.Select(level => level.Logits)]));
        return graph.Concat(1, places, sizes, probabilities);
    }

    private static Value Trunk(GraphBuilder graph, CheckpointModule branch, Value map) => Conv.Build(graph, branch.Require("1"), Conv.Build(graph, branch.Require("0"), map));

    // Version 2 compares through a batch normalization, version 1 through unit length; both scale and shift.
    private static Value Regions(GraphBuilder graph, CheckpointModule contrast, Convolution embedding, Value trunk)
    {
        float scale = MathF.Exp(Single(contrast, "logit_scale")), bias = Single(contrast, "bias");
        if (contrast.Find("norm") is { } norm)
        {
            // All of it is linear: one convolution does it, and gives the bias as a channel of its own.
            Value folded = embedding.Fold(norm).Scale(scale).WithConstantChannel(bias).Build(graph, trunk);
            graph.Enter(contrast.Path);
            return graph.Reshape(folded, 0, embedding.Channels + 1L, -1);
        }
        Value regions = embedding.Build(graph, trunk);
        graph.Enter(contrast.Path);
        regions = graph.Reshape(regions, 0, embedding.Channels, -1);
        regions = graph.Multiply(regions, graph.Divide(graph.Number(scale), graph.Norm(regions, 1)));
        return graph.Node("Pad", [regions, graph.Integers(0, 0, 0, 0, 1, 0), graph.Number(bias)]);
    }

    private static float Single(CheckpointModule contrast, string name)
    {
        StoredTensor tensor = contrast.RequireTensor(name);
        float value = tensor.Count == 1 ? tensor.ToFloats().Values[0] : float.NaN;
        return float.IsFinite(value) && MathF.Abs(value) < 80 ? value : throw contrast.Unsupported($"has a {name} of {tensor.Count} numbers, the first {value}; one number is needed, smaller than 80");
    }

    // Centres in pixels [2, H·W], and the stride of each anchor [1, H·W].
    private static (Value Centres, Value Scale) Anchors(GraphBuilder graph, Value map, float stride)
    {
        Value height = graph.SideOf(map, 2), width = graph.SideOf(map, 3), grid = graph.Concat(0, height, width), flat = graph.Integers(1, -1);
        Value Along(Value length, params long[] shape)
        {
            Value centres = graph.Multiply(graph.Add(graph.ToFloat(graph.Range(graph.Squeeze(length, 0))), graph.Number(0.5f)), graph.Number(stride));
            return graph.Reshape(graph.Expand(graph.Reshape(centres, shape), grid), flat);
        }
        Value centres = graph.Concat(0, Along(width, 1, -1), Along(height, -1, 1));
        return (centres, graph.Reshape(graph.Expand(graph.Number(stride), grid), flat));
    }
}
