using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>
/// How large a map is, said by the pictures' size, whose sides are multiples of the largest stride. A map that is asked for its own shape has one reader more, which keeps ONNX Runtime from fusing
/// its 8-bit kernel.
/// </summary>
/// <param name="Images"><c>[B, 3, H, W]</c>.</param>
/// <param name="Halved">How often the sides were halved, less how often they were doubled.</param>
internal readonly record struct MapSize(Value Images, int Halved = 0)
{
    /// <summary>Of what a layer gives.</summary>
    /// <param name="layer">Of the network's list.</param>
    /// <param name="given">Of what it takes.</param>
    internal static MapSize Behind(YoloWorldLayer layer, MapSize given) => layer.Type switch
    {
        // Other strides than 1 and 2 show at once: the trial run of an import fails.
        "Conv" when layer.Module?.Find("conv")?.Integers("stride") is [1, ..] => given,
        "Conv" => given with { Halved = given.Halved + 1 },
        "Upsample" => given with { Halved = given.Halved - 1 },
        _ => given,
    };

    /// <summary>A shape [B, channels, height, width].</summary>
    internal Value Shape(GraphBuilder graph, long channels)
    {
        Value stride = graph.Integers(1L << Halved);
        return graph.Concat(0, graph.Integers(-1), graph.Integers(channels), graph.Divide(graph.SideOf(Images, 2), stride), graph.Divide(graph.SideOf(Images, 3), stride));
    }
}
