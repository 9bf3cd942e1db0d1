using OpenVocab.Inference;

namespace OpenVocab.Clip;

/// <summary>Which input of an image encoder takes the pictures, and which output gives their embeddings. Exporters name them differently, and some give more than the embeddings.</summary>
/// <param name="Picture">The only input.</param>
/// <param name="Output">Name of the output, <c>[B, D]</c>.</param>
/// <param name="Dimensions">D; -1 where the file leaves it open.</param>
internal sealed record ClipImageRoles(PictureRole Picture, string Output, int Dimensions)
{
    /// <summary>What Hugging Face's exports call the embeddings in the space of the texts.</summary>
    private const string Projected = "image_embeds";

    /// <summary>What they call the state before the projection: it has two dimensions as well, and compares with no text.</summary>
    private const string Pooled = "pooler_output";

    private const string Remedy = "Give the image side of a CLIP with its projection: a bundle of openvocab models import, or Hugging Face's vision_model.onnx.";

    /// <summary>Finds both.</summary>
    /// <exception cref="ModelException">The network is another one; the message says what it has.</exception>
    internal static ClipImageRoles Find(IReadOnlyList<TensorDescription> inputs, IReadOnlyList<TensorDescription> outputs, string path)
    {
        PictureRole[] pictures = [.. inputs.Where(input => ElementTypes.IsFloat(input.Type)).Select(PictureRole.For).OfType<PictureRole>()];
        if (pictures.Length != 1) { throw new ModelException($"{path}: {pictures.Length} inputs could take pictures (floats, [B, 3, S, S]); one is needed; the file has {Listed(inputs)}.", Remedy); }
        if (inputs.FirstOrDefault(input => input.Name != pictures[0].Name) is { } other)
        {
            throw new ModelException($"{path}: the network takes {other} beside the picture; an image encoder takes pictures alone; the file has {Listed(inputs)}.", Remedy);
        }
        if (pictures[0].ChannelsLast || pictures[0].Height != pictures[0].Width)
        {
            throw new ModelException($"{path}: the network takes {inputs[0]}; CLIP's take squares, [B, 3, S, S].", Remedy);
        }
        TensorDescription found = outputs.FirstOrDefault(output => output.Name == Projected) ?? OnlyVector(outputs, path);
        return found is { Rank: 2 } && ElementTypes.IsFloat(found.Type)
            ? new(pictures[0], found.Name, found.Shape[1])
            : throw new ModelException($"{path}: the output {found} is no list of embeddings (floats, [B, D]).", Remedy);
    }

    private static TensorDescription OnlyVector(IReadOnlyList<TensorDescription> outputs, string path)
    {
        TensorDescription[] vectors = [.. outputs.Where(output => output.Rank == 2 && ElementTypes.IsFloat(output.Type) && output.Name != Pooled)];
        if (vectors.Length == 1) { return vectors[0]; }
        string why = vectors.Length > 1 ? $"{vectors.Length} outputs could be the embeddings, and none is called {Projected}"
            : outputs.Any(output => output.Name == Pooled) ? $"{Pooled} is what CLIP's image side knows before its projection, and compares with no text; the projection is not in the file"
            : "no output is a list of embeddings (floats, [B, D])";
        throw new ModelException($"{path}: {why}; the file has {Listed(outputs)}.", Remedy);
    }

    private static string Listed(IEnumerable<TensorDescription> tensors) => string.Join(", ", tensors);
}
