using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>Convolution, batch normalization, activation: the brick of YOLO. Fused files have no <c>bn</c>.</summary>
internal static class Conv
{
    internal static Value Build(GraphBuilder graph, CheckpointModule layer, Value x, long stride = 1)
    {
        Value y = Convolution.Read(layer.Require("conv")).Fold(layer.Find("bn")).Build(graph, x, stride);
        return Activations.Build(graph, layer, y);
    }

    /// <summary>Channels that it gives.</summary>
    internal static long ChannelsOf(CheckpointModule layer) => layer.Require("conv").RequireTensor("weight") is { Shape: [var channels, ..] } ? channels : throw layer.Unsupported("is no convolution");
}
