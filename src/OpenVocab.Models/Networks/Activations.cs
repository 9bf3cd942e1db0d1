using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>What stands behind a convolution. Read from the file and not from a table: libraries of other versions, and people, build the same layers with others.</summary>
internal static class Activations
{
    /// <param name="graph">Gets the nodes.</param>
    /// <param name="layer">Has a part <c>act</c> where the file tells; where only weights are known it is SiLU.</param>
    /// <param name="x">What the convolution gave.</param>
    /// <exception cref="ModelException">The activation is not known here.</exception>
    internal static Value Build(GraphBuilder graph, CheckpointModule layer, Value x)
    {
        if (layer.Find("act") is not { } activation) { return layer.TypeName is null ? graph.Silu(x) : throw layer.Lacks($"{layer.Path}.act"); }
        return activation.TypeName switch
        {
            "SiLU" => graph.Silu(x),
            "Identity" => x,
            "ReLU" => graph.Node("Relu", [x]),
            "ReLU6" => graph.Node("Clip", [x, graph.Number(0), graph.Number(6)]),
            "LeakyReLU" => graph.Node("LeakyRelu", [x], GraphBuilder.Attribute("alpha", (float)(activation.Number("negative_slope") ?? 0.01))),
            "Hardswish" => graph.Node("HardSwish", [x]),
            "Mish" => graph.Multiply(x, graph.Node("Tanh", [graph.Node("Softplus", [x])])),
            var other => throw activation.Unsupported($"is the activation {other}; SiLU, ReLU, ReLU6, LeakyReLU, Hardswish, Mish and Identity are known"),
        };
    }
}
