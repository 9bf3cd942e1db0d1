using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>Layer normalization over the last side (Ba et al. 2016).</summary>
internal static class LayerNorm
{
    private const double DefaultEpsilon = 1e-5;

    internal static Value Build(GraphBuilder graph, CheckpointModule layer, Value x)
    {
        graph.Enter(layer.Path);
        Floats weight = layer.RequireTensor("weight").ToFloats(), bias = layer.RequireTensor("bias").ToFloats();
        return graph.LayerNormalization(x, graph.Weight("weight", weight.Bytes, weight.Shape), graph.Weight("bias", bias.Bytes, bias.Shape), (float)(layer.Number("eps") ?? DefaultEpsilon));
    }
}
