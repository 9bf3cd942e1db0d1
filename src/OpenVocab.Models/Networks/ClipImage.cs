using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Networks;

/// <summary>CLIP's image tower, a vision transformer (Dosovitskiy et al. 2021): pictures in, an embedding for each out, not normalized.</summary>
internal static class ClipImage
{
    /// <summary>Writes the network: <c>pixel_values</c> float32 <c>[N, 3, S, S]</c> to <c>image_embeds</c> float32 <c>[N, D]</c>.</summary>
    internal static void Build(GraphBuilder graph, ClipNetwork network, ClipConfiguration configuration)
    {
        CheckpointModule tower = network.Root.Require("visual");
        Floats patches = tower.Require("conv1").RequireTensor("weight").ToFloats(), places = tower.RequireTensor("positional_embedding").ToFloats(), first = tower.RequireTensor("class_embedding").ToFloats();
        long width = patches.Shape[0], size = network.ImageSize, patch = network.Patch;
        Value pixels = graph.Input("pixel_values", DataType.Float, "pictures", 3, size, size);
        graph.Enter("visual.embeddings");
        Value map = graph.Node("Conv", [pixels, graph.Weight("patch_embedding", patches.Bytes, patches.Shape)], GraphBuilder.Attribute("kernel_shape", [patch, patch]), GraphBuilder.Attribute("strides", [patch, patch]));
        Value tokens = graph.Transpose(graph.Reshape(map, 0, width, -1), 0, 2, 1);
        Value classToken = graph.Expand(graph.Weight("class_embedding", first.Bytes, 1, 1, width), graph.Concat(0, graph.SideOf(pixels, 0), graph.Integers(1, width)));
        Value x = graph.Add(graph.Concat(1, classToken, tokens), graph.Weight("positional_embedding", places.Bytes, places.Shape));
        ClipTransformer transformer = new(graph, configuration.ImageHeads, configuration.ImageActivation, configuration.ImageEpsilon);
        x = transformer.Build(tower.Require("transformer"), transformer.Normalize(tower.Require("ln_pre"), x), width, null);
        graph.Enter("visual.pooling");
        Value pooled = transformer.Normalize(tower.Require("ln_post"), graph.Gather(x, graph.Integer(0), 1));
        Floats projection = network.Projection("visual_projection", network.Root);
        graph.Output("image_embeds", Linear.Product(graph, "visual_projection", projection, pooled), "pictures", projection.Shape[1]);
    }
}
