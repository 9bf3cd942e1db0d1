using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>Cross stage partial block of YOLOv8: half of the channels go through a chain of bottlenecks, every stage is kept, all are mixed.</summary>
internal static class C2f
{
    internal static Value Build(GraphBuilder graph, CheckpointModule block, Value x) => Mix(graph, block, Stages(graph, block, x, shortcut: true));

    /// <summary>The two halves, and what each bottleneck makes of the one before.</summary>
    internal static List<Value> Stages(GraphBuilder graph, CheckpointModule block, Value x, bool shortcut)
    {
        CheckpointModule first = block.Require("cv1");
        long half = Conv.ChannelsOf(first) / 2;
        Value y = Conv.Build(graph, first, x);
        List<Value> stages = [.. graph.Split(y, 1, half, half)];
        foreach (CheckpointModule bottleneck in block.Require("m").Numbered()) { stages.Add(Bottleneck.Build(graph, bottleneck, stages[^1], shortcut)); }
        return stages;
    }

    internal static Value Mix(GraphBuilder graph, CheckpointModule block, List<Value> stages)
    {
        graph.Enter(block.Path);
        return Conv.Build(graph, block.Require("cv2"), graph.Concat(1, [.. stages]));
    }
}
