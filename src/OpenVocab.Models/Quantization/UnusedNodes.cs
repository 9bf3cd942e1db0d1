using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Quantization;

/// <summary>What nobody reads any more after a graph was changed.</summary>
internal static class UnusedNodes
{
    /// <summary>Removes nodes and constants that no output depends on.</summary>
    internal static void Remove(GraphProto graph)
    {
        HashSet<string> used = [.. graph.Output.Select(output => output.Name)];
        List<NodeProto> kept = [];
        for (int i = graph.Node.Count - 1; i >= 0; i--)
        {
            NodeProto node = graph.Node[i];
            if (!node.Output.Any(used.Contains)) { continue; }
            used.UnionWith(node.Input);
            kept.Add(node);
        }
        kept.Reverse();
        graph.Node.Clear();
        graph.Node.Add(kept);
        TensorProto[] constants = [.. graph.Initializer.Where(tensor => used.Contains(tensor.Name))];
        graph.Initializer.Clear();
        graph.Initializer.Add(constants);
    }
}
