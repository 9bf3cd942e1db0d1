using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>Two convolutions, and a way around them where the block has one.</summary>
internal static class Bottleneck
{
    /// <param name="graph">Gets the nodes.</param>
    /// <param name="block">Has <c>cv1</c> and <c>cv2</c>.</param>
    /// <param name="x">The input.</param>
    /// <param name="shortcut">Where the file does not tell.</param>
    internal static Value Build(GraphBuilder graph, CheckpointModule block, Value x, bool shortcut)
    {
        Value y = Conv.Build(graph, block.Require("cv2"), Conv.Build(graph, block.Require("cv1"), x));
        return block.Attribute("add") as bool? ?? shortcut ? graph.Add(x, y) : y;
    }
}
