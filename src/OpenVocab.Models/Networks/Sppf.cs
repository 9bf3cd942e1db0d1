using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>Spatial pyramid pooling, fast: the same pooling again and again sees further each time (YOLOv5's form of He et al. 2014).</summary>
internal static class Sppf
{
    private const long DefaultKernel = 5, DefaultPools = 3;

    internal static Value Build(GraphBuilder graph, CheckpointModule block, Value x)
    {
        Value y = Conv.Build(graph, block.Require("cv1"), x);
        long kernel = block.Find("m")?.Integers("kernel_size")?[0] ?? DefaultKernel, pools = block.Integer("n") ?? DefaultPools;
        if (kernel is < 1 or > 63 || kernel % 2 == 0 || pools is < 1 or > 16) { throw block.Unsupported($"pools {pools} times over {kernel} places; 1 to 16 times over an odd number are possible"); }
        graph.Enter(block.Path);
        List<Value> scales = [y];
        for (int i = 0; i < pools; i++)
        {
            scales.Add(graph.Node("MaxPool", [scales[^1]], GraphBuilder.Attribute("kernel_shape", [kernel, kernel]), GraphBuilder.Attribute("strides", [1L, 1L]), GraphBuilder.Attribute("pads", [kernel / 2, kernel / 2, kernel / 2, kernel / 2])));
        }
        Value mixed = Conv.Build(graph, block.Require("cv2"), graph.Concat(1, [.. scales]));
        return block.Attribute("add") is true ? graph.Add(x, mixed) : mixed;
    }
}
