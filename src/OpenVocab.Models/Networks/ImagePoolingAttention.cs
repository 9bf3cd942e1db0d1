using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>Makes the text aware of the picture: every word attends to 27 patches, 3 x 3 of each map (YOLO-World, section 3.3, "Image-Pooling Attention").</summary>
internal static class ImagePoolingAttention
{
    private const long DefaultHeads = 8;
    private const int DefaultGrid = 3;

    /// <param name="graph">Gets the nodes.</param>
    /// <param name="block">The block.</param>
    /// <param name="maps">P3, P4, P5, <c>[B, C, H, W]</c>.</param>
    /// <param name="text"><c>[1, K, D]</c>.</param>
    /// <returns><c>[B, K, D]</c>.</returns>
    internal static Value Build(GraphBuilder graph, CheckpointModule block, IReadOnlyList<Value> maps, Value text)
    {
        long heads = block.Integer("nh") ?? DefaultHeads, grid = block.Integer("k") ?? DefaultGrid, channels = block.Require("query").Require("1").RequireTensor("weight").Shape[0], size = channels / Math.Max(heads, 1);
        if (heads < 1 || channels % heads != 0 || grid is < 1 or > 16) { throw block.Unsupported($"has {channels} channels, {heads} heads and a grid of {grid}"); }
        List<Value> patches = [];
        foreach ((Value map, CheckpointModule projection) in maps.Zip(block.Require("projections").Numbered()))
        {
            Value projected = Convolution.Read(projection).Build(graph, map);
            patches.Add(graph.Reshape(AdaptiveMaxPool(graph, AdaptiveMaxPool(graph, projected, 2, grid), 3, grid), 0, channels, -1));
        }
        if (patches.Count != maps.Count) { throw block.Lacks($"{block.Path}.projections.{patches.Count}"); }
        graph.Enter(block.Path);
        Value seen = graph.Transpose(graph.Concat(2, [.. patches]), 0, 2, 1);
        // [B, patches, channels] and [1, K, channels] to [.., heads, .., size].
        Value Heads(string name, Value x, float factor = 1)
        {
            CheckpointModule part = block.Require(name);
            Value y = Linear.Build(graph, part.Require("1"), LayerNorm.Build(graph, part.Require("0"), x), factor);
            graph.Enter(block.Path);
            return graph.Transpose(graph.Reshape(y, 0, -1, heads, size), 0, 2, 1, 3);
        }
        Value query = Heads("query", text, 1 / MathF.Sqrt(size)), key = graph.Transpose(Heads("key", seen), 0, 1, 3, 2), value = Heads("value", seen);
        Value attended = graph.MatMul(graph.Softmax(graph.MatMul(query, key), -1), value);
        Value joined = graph.Reshape(graph.Transpose(attended, 0, 2, 1, 3), 0, -1, channels);
        Value change = Linear.Build(graph, block.Require("proj"), joined);
        graph.Enter(block.Path);
        if (block.FindTensor("scale") is { } scale) { change = graph.Multiply(change, graph.Weight("scale", scale.ToFloats().Bytes, 1)); }
        return graph.Add(change, text);
    }

    /// <summary>
    /// The largest of each of a few cells, along one axis: cell i reaches from floor(i · n / cells) to ceil((i + 1) · n / cells). PyTorch's exporter cannot write this for a free size;
    /// in slices it is exact, and one axis after the other because a cell is a rectangle.
    /// </summary>
    private static Value AdaptiveMaxPool(GraphBuilder graph, Value x, long axis, long cells)
    {
        Value length = graph.SideOf(x, axis), count = graph.Integers(cells);
        Value[] largest = new Value[cells];
        for (long cell = 0; cell < cells; cell++)
        {
            Value begin = graph.Divide(graph.Multiply(length, graph.Integers(cell)), count);
            Value end = graph.Divide(graph.Add(graph.Multiply(length, graph.Integers(cell + 1)), graph.Integers(cells - 1)), count);
            largest[cell] = graph.ReduceMax(graph.Slice(x, begin, end, axis), axis, keep: true);
        }
        return graph.Concat(axis, largest);
    }
}
