using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Networks;

/// <summary>
/// YOLO-World (Cheng et al. 2024) with the words as an input: pictures and text in, boxes and a probability of each word out. One graph serves any number of pictures and words, and
/// any height and width in multiples of the largest stride.
/// </summary>
internal static class YoloWorld
{
    /// <summary>Writes the network.</summary>
    /// <param name="graph">Empty.</param>
    /// <param name="network">From a checkpoint.</param>
    /// <param name="regions">Whether regions are an output, too: what a region is before it meets any word.</param>
    /// <param name="onLayer">Told what each layer gives, by its place; null: nobody is. For comparing layer by layer.</param>
    /// <param name="onLevel">Told what each level of the head gives.</param>
    internal static void Build(GraphBuilder graph, YoloWorldNetwork network, bool regions = false, Action<int, Value>? onLayer = null, Action<int, WorldDetect.Level>? onLevel = null)
    {
        Value images = graph.Input("images", DataType.Float, "batch", 3, "height", "width");
        Value given = graph.Input("text", DataType.Float, "prompts", network.Dimensions);
        graph.Enter("text");
        // The attention takes the text as it comes: of another length than 1 it changes every score.
        Value words = graph.Unsqueeze(graph.Divide(given, graph.Norm(given, 1)), 0), text = words;
        List<Value> outputs = [];
        List<MapSize> sizes = [];
        foreach (YoloWorldLayer layer in network.Layers)
        {
            Value[] inputs = Inputs(network, layer, outputs, images);
            if (layer.Type == "WorldDetect")
            {
                IReadOnlyList<WorldDetect.Level> levels = WorldDetect.Levels(graph, network.Head, inputs, words);
                for (int i = 0; i < levels.Count; i++) { onLevel?.Invoke(i, levels[i]); }
                Finish(graph, network, levels, regions);
                return;
            }
            // It changes the text, and passes the map on.
            if (layer.Type == "ImagePoolingAttn") { text = ImagePoolingAttention.Build(graph, layer.Module!, inputs, text); }
            int first = layer.From[0] == -1 ? outputs.Count - 1 : (int)layer.From[0];
            MapSize size = MapSize.Behind(layer, first < 0 ? new(images) : sizes[first]);
            Value output = layer.Type == "ImagePoolingAttn" ? text : Layer(graph, layer, inputs, text, size);
            outputs.Add(output);
            sizes.Add(size);
            onLayer?.Invoke(layer.Index, output);
        }
    }

    private static Value Layer(GraphBuilder graph, YoloWorldLayer layer, Value[] inputs, Value text, MapSize size)
    {
        graph.Enter(Invariant($"model.{layer.Index}"));
        CheckpointModule Module() => layer.Module ?? throw new ModelException($"Layer {layer.Index} ({layer.Type}) has no weights.", "Give a whole checkpoint.");
        return layer.Type switch
        {
            // In a state dictionary only the layers that halve the map are convolutions of their own.
            "Conv" => Conv.Build(graph, Module(), inputs[0], stride: 2),
            "C2f" => C2f.Build(graph, Module(), inputs[0]),
            "C2fAttn" => C2fAttn.Build(graph, Module(), inputs[0], text, size),
            "SPPF" => Sppf.Build(graph, Module(), inputs[0]),
            "Concat" => graph.Concat(1, inputs),
            "Upsample" => Upsample(graph, inputs[0]),
            var other => throw Module().Unsupported($"is a layer {other}; Conv, C2f, C2fAttn, SPPF, Concat, Upsample, ImagePoolingAttn and WorldDetect are known"),
        };
    }

    private static Value[] Inputs(YoloWorldNetwork network, YoloWorldLayer layer, List<Value> outputs, Value images) =>
    [
        .. layer.From.Select(from => from == -1 ? outputs.Count > 0 ? outputs[^1] : images
            : from >= 0 && from < outputs.Count ? outputs[(int)from] : throw network.Head.Unsupported($"cannot be reached: layer {layer.Index} takes layer {from}, which does not come before it")),
    ];

    // Nearest neighbour, twice as large.
    private static Value Upsample(GraphBuilder graph, Value x) => graph.Node(
        "Resize", [x, default, graph.Weight("scales", new Floats([1, 1, 2, 2], 4).Bytes, 4)], GraphBuilder.Attribute("mode", "nearest"),
        GraphBuilder.Attribute("coordinate_transformation_mode", "asymmetric"), GraphBuilder.Attribute("nearest_mode", "floor"));

    private static void Finish(GraphBuilder graph, YoloWorldNetwork network, IReadOnlyList<WorldDetect.Level> levels, bool regions)
    {
        graph.Output("output0", WorldDetect.Decode(graph, network.Head, levels, network.Strides), "batch", "4 + prompts", "anchors");
        if (regions) { graph.Output("regions", graph.Concat(2, [.. levels.Select(level => level.Regions)]), "batch", network.Dimensions + 1, "anchors"); }
    }
}
