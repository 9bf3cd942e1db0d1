using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>C2f with one more stage that looks at the words: RepVL-PAN's text-guided block (Cheng et al. 2024, "YOLO-World", section 3.3).</summary>
internal static class C2fAttn
{
    /// <param name="graph">Gets the nodes.</param>
    /// <param name="block">The block.</param>
    /// <param name="x"><c>[B, C, H, W]</c>.</param>
    /// <param name="text"><c>[1 or B, K, D]</c>.</param>
    /// <param name="size">Of the map.</param>
    internal static Value Build(GraphBuilder graph, CheckpointModule block, Value x, Value text, MapSize size)
    {
        List<Value> stages = C2f.Stages(graph, block, x, shortcut: false);
        stages.Add(MaxSigmoidAttention.Build(graph, block.Require("attn"), stages[^1], text, size));
        return C2f.Mix(graph, block, stages);
    }
}
