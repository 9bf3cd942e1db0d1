using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>The blocks that both towers of CLIP are made of (Radford et al. 2021; Vaswani et al. 2017, normalized before each part).</summary>
internal sealed class ClipTransformer(GraphBuilder graph, long? heads, string activation, float epsilon)
{
    private const long HeadWidth = 64;

    /// <param name="tower">Has <c>resblocks</c>.</param>
    /// <param name="x"><c>[N, L, width]</c>.</param>
    /// <param name="width">Channels.</param>
    /// <param name="mask">Added to the scores, <c>[L, L]</c>; null: every position sees every other.</param>
    internal Value Build(CheckpointModule tower, Value x, long width, Value? mask)
    {
        long count = heads ?? width / HeadWidth;
        if (count < 1 || width % count != 0) { throw tower.Unsupported($"has {width} channels, which do not make {count} heads; a config.json beside the weights says how many there are"); }
        foreach (CheckpointModule block in tower.Require("resblocks").Numbered())
        {
            x = graph.Add(x, Attention(block.Require("attn"), Normalize(block.Require("ln_1"), x), width, count, mask));
            CheckpointModule perceptron = block.Require("mlp");
            x = graph.Add(x, Linear.Build(graph, perceptron.Require("c_proj"), Activate(perceptron, Linear.Build(graph, perceptron.Require("c_fc"), Normalize(block.Require("ln_2"), x)))));
        }
        return x;
    }

    internal Value Normalize(CheckpointModule layer, Value x)
    {
        graph.Enter(layer.Path);
        Floats weight = layer.RequireTensor("weight").ToFloats(), bias = layer.RequireTensor("bias").ToFloats();
        return graph.LayerNormalization(x, graph.Weight("weight", weight.Bytes, weight.Shape), graph.Weight("bias", bias.Bytes, bias.Shape), epsilon);
    }

    private Value Attention(CheckpointModule layer, Value x, long width, long count, Value? mask)
    {
        Value[] parts = Project(layer, x, width);
        graph.Enter(layer.Path);
        Value Heads(Value part) => graph.Transpose(graph.Reshape(part, 0, -1, count, width / count), 0, 2, 1, 3);
        Value query = graph.Multiply(Heads(parts[0]), graph.Number(1 / MathF.Sqrt(width / count))), key = graph.Transpose(Heads(parts[1]), 0, 1, 3, 2);
        Value scores = graph.MatMul(query, key);
        if (mask is { } added) { scores = graph.Add(scores, added); }
        Value seen = graph.MatMul(graph.Softmax(scores, -1), Heads(parts[2]));
        return Linear.Build(graph, layer.Require("out_proj"), graph.Reshape(graph.Transpose(seen, 0, 2, 1, 3), 0, -1, width));
    }

    // OpenAI packs query, key and value into one matrix; Hugging Face has three.
    private Value[] Project(CheckpointModule layer, Value x, long width)
    {
        if (layer.FindTensor("in_proj_weight") is not { } packed) { return [Linear.Build(graph, layer.Require("q_proj"), x), Linear.Build(graph, layer.Require("k_proj"), x), Linear.Build(graph, layer.Require("v_proj"), x)]; }
        graph.Enter(layer.Path);
        Value product = Linear.Product(graph, "in_proj_weight", Linear.Transposed(layer, packed), x);
        if (layer.FindTensor("in_proj_bias") is { } bias) { product = graph.Add(product, graph.Weight("in_proj_bias", bias.ToFloats().Bytes, bias.Shape)); }
        return graph.Split(product, 2, width, width, width);
    }

    private Value Activate(CheckpointModule layer, Value x)
    {
        graph.Enter(layer.Path);
        return activation switch
        {
            // OpenAI's quick approximation, which their weights were trained with.
            "quick_gelu" => graph.Multiply(x, graph.Sigmoid(graph.Multiply(x, graph.Number(1.702f)))),
            "gelu" => graph.Multiply(graph.Multiply(x, graph.Number(0.5f)), graph.Add(graph.Node("Erf", [graph.Multiply(x, graph.Number(1 / MathF.Sqrt(2)))]), graph.Number(1))),
            _ => throw layer.Unsupported($"has the activation {activation}; quick_gelu and gelu are known"),
        };
    }
}
