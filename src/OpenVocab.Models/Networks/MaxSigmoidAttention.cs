using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>
/// Weighs each place of a map by the word that fits it best, head by head (YOLO-World, section 3.3, equation 2):
/// y = conv(x) · sigmoid(max over words of x · guide(word) / sqrt(size of a head) + bias) · scale.
/// </summary>
/// <remarks>Matrix products, not Einsum, which few runtimes are fast at. The text of one batch serves all pictures: it is not repeated.</remarks>
internal static class MaxSigmoidAttention
{
    internal static Value Build(GraphBuilder graph, CheckpointModule block, Value x, Value text, MapSize size)
    {
        StoredTensor bias = block.RequireTensor("bias");
        long heads = bias.Count, channels = block.Require("gl").RequireTensor("weight").Shape[0], given = Conv.ChannelsOf(block.Require("proj_conv"));
        if (heads < 1 || channels % heads != 0) { throw block.Unsupported($"has {channels} channels, which do not make {heads} heads"); }
        long each = channels / heads;
        // 1 / sqrt(size) goes into the guide: it has fewer numbers than the map.
        Value guide = Linear.Build(graph, block.Require("gl"), text, factor: 1 / MathF.Sqrt(each));
        graph.Enter(block.Path);
        guide = graph.Transpose(graph.Reshape(guide, 0, -1, heads, each), 0, 2, 1, 3);
        Value embedded = block.Find("ec") is { } embedding ? Conv.Build(graph, embedding, x) : x;
        graph.Enter(block.Path);
        Value places = graph.Reshape(embedded, 0, heads, each, -1);
        Value weights = graph.ReduceMax(graph.MatMul(guide, places), 2, keep: true);
        weights = graph.Sigmoid(graph.Add(weights, graph.Weight("bias", bias.ToFloats().Bytes, 1, heads, 1, 1)));
        if (block.FindTensor("scale") is { } scale) { weights = graph.Multiply(weights, graph.Weight("scale", scale.ToFloats().Bytes, scale.Count == 1 ? [1, 1, 1, 1] : [1, heads, 1, 1])); }
        Value y = Conv.Build(graph, block.Require("proj_conv"), x);
        graph.Enter(block.Path);
        Value weighed = graph.Multiply(graph.Reshape(y, 0, heads, given / heads, -1), weights);
        return graph.Reshape(weighed, size.Shape(graph, given));
    }
}
