using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>y = x · Wᵀ + b.</summary>
internal static class Linear
{
    /// <param name="graph">Gets the nodes.</param>
    /// <param name="layer">Has <c>weight</c> <c>[outputs, inputs]</c> and, where there is one, <c>bias</c>.</param>
    /// <param name="x">Its last side are the inputs.</param>
    /// <param name="factor">Multiplies the result.</param>
    internal static Value Build(GraphBuilder graph, CheckpointModule layer, Value x, float factor = 1)
    {
        graph.Enter(layer.Path);
        Value y = Product(graph, "weight", Transposed(layer, layer.RequireTensor("weight")), x, factor);
        return layer.FindTensor("bias") is { } bias ? graph.Add(y, Scaled(graph, "bias", bias.ToFloats(), factor)) : y;
    }

    /// <summary>A product with a matrix of <c>[inputs, outputs]</c>.</summary>
    internal static Value Product(GraphBuilder graph, string name, Floats matrix, Value x, float factor = 1) => graph.MatMul(x, Scaled(graph, name, matrix, factor));

    /// <summary><c>[outputs, inputs]</c> to <c>[inputs, outputs]</c>.</summary>
    internal static Floats Transposed(CheckpointModule layer, StoredTensor weight)
    {
        if (weight.Shape is not [var outputs, var inputs]) { throw layer.Unsupported($"has weights of [{string.Join(", ", weight.Shape)}]; a matrix is needed"); }
        Floats rows = weight.ToFloats(), columns = new(rows.Count, inputs, outputs);
        Span<float> from = rows.Values, to = columns.Values;
        for (int output = 0; output < outputs; output++)
        {
            for (int input = 0; input < inputs; input++) { to[input * (int)outputs + output] = from[output * (int)inputs + input]; }
        }
        return columns;
    }

    private static Value Scaled(GraphBuilder graph, string name, Floats floats, float factor)
    {
        if (factor != 1)
        {
            foreach (ref float value in floats.Values) { value *= factor; }
        }
        return graph.Weight(name, floats.Bytes, floats.Shape);
    }
}
