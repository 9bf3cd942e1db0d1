using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Networks;

/// <summary>CLIP's text tower: token ids in, an embedding for each text out, not normalized. Of any length up to the number of positions: what comes after the end has no influence.</summary>
internal static class ClipText
{
    /// <summary>Writes the network: <c>input_ids</c> int64 <c>[N, L]</c> to <c>text_embeds</c> float32 <c>[N, D]</c>.</summary>
    internal static void Build(GraphBuilder graph, ClipNetwork network, ClipConfiguration configuration)
    {
        (long words, long positions, long width) = network.TextShape;
        Value ids = graph.Input("input_ids", DataType.Int64, "texts", "tokens");
        graph.Enter("embeddings");
        Value length = graph.SideOf(ids, 1);
        Floats tokens = network.Root.Require("token_embedding").RequireTensor("weight").ToFloats(), places = network.Root.RequireTensor("positional_embedding").ToFloats();
        Value token = graph.Gather(graph.Weight("token_embedding", tokens.Bytes, words, width), ids, 0);
        Value x = graph.Add(token, graph.Slice(graph.Weight("positional_embedding", places.Bytes, positions, width), graph.Integers(0), length, 0));
        ClipTransformer transformer = new(graph, configuration.TextHeads, configuration.TextActivation, configuration.TextEpsilon);
        x = transformer.Build(network.Root.Require("transformer"), x, width, CausalMask(graph, length));
        x = transformer.Normalize(network.Root.Require("ln_final"), x);
        graph.Enter("pooling");
        Value pooled = graph.Node("GatherND", [x, EndOf(graph, ids, configuration.EndId)], GraphBuilder.Attribute("batch_dims", 1L));
        Floats projection = network.Projection("text_projection", network.Root);
        graph.Output("text_embeds", Linear.Product(graph, "text_projection", projection, pooled), "texts", projection.Shape[1]);
    }

    // A token sees itself and those before it.
    private static Value CausalMask(GraphBuilder graph, Value length)
    {
        Value place = graph.Range(graph.Squeeze(length, 0));
        Value later = graph.Node("Greater", [graph.Unsqueeze(place, 0), graph.Unsqueeze(place, 1)]);
        return graph.Node("Where", [later, graph.Number(float.NegativeInfinity), graph.Number(0)]);
    }

    // [N, 1]: the first place of the end token; where the model does not name it, of the largest id, which is the end token.
    private static Value EndOf(GraphBuilder graph, Value ids, long? end)
    {
        Value score = end is { } id ? graph.Node("Equal", [ids, graph.Integer(id)]) : ids;
        Value narrow = graph.Node("Cast", [score], GraphBuilder.Attribute("to", (long)DataType.Int32));
        return graph.Node("ArgMax", [narrow], GraphBuilder.Attribute("axis", 1L), GraphBuilder.Attribute("keepdims", 1L), GraphBuilder.Attribute("select_last_index", 0L));
    }
}
