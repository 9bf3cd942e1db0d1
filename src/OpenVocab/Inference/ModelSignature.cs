using Microsoft.ML.OnnxRuntime;
using OpenVocab.Decoding;

namespace OpenVocab.Inference;

/// <summary>
/// What the inputs and outputs of a detector are, found by rank, dimensions and type: every exporter has other names. A dimension that
/// the file leaves open is -1.
/// </summary>
internal sealed record ModelSignature
{
    /// <summary>Name of the picture input, <c>[B, 3, H, W]</c>.</summary>
    internal required string ImageInput { get; init; }

    /// <summary>True where several pictures can go through the network at once.</summary>
    internal required bool HasFreeBatch { get; init; }

    /// <summary>Fixed height of the picture input, or -1.</summary>
    internal required int Height { get; init; }

    /// <summary>Fixed width of the picture input, or -1.</summary>
    internal required int Width { get; init; }

    /// <summary>Name of the text input, <c>[K, D]</c> or <c>[1, K, D]</c>.</summary>
    internal required string TextInput { get; init; }

    /// <summary>2 or 3.</summary>
    internal required int TextRank { get; init; }

    /// <summary>Fixed number of prompts, or -1.</summary>
    internal required int Prompts { get; init; }

    /// <summary>Length of one text embedding.</summary>
    internal required int Dimensions { get; init; }

    /// <summary>Name of the output that is decoded.</summary>
    internal required string Output { get; init; }

    /// <summary>Makes the decoder of the output's layout; each inference slot has its own.</summary>
    internal required Func<IOutputDecoder> NewDecoder { get; init; }

    /// <summary>Reads the signature of an open session.</summary>
    /// <exception cref="ModelException">There is no picture input, no text input, or no known output.</exception>
    internal static ModelSignature Read(InferenceSession session, string path)
    {
        (string image, int[] imageShape) = Find(session.InputMetadata, path, "picture input (float32, 4 dimensions, the second 3)",
            shape => shape.Length == 4 && shape[1] == 3);
        (string text, int[] textShape) = Find(session.InputMetadata, path, "text input (float32, 2 or 3 dimensions, the last one fixed)",
            shape => shape.Length is 2 or 3 && shape[^1] > 1);
        (string output, int[] outputShape) = FindOutput(session, path);
        return new()
        {
            ImageInput = image,
            // A text input of [B, K, D] would need the words once for each picture.
            HasFreeBatch = imageShape[0] < 0 && (textShape.Length == 2 || textShape[0] == 1),
            Height = imageShape[2],
            Width = imageShape[3],
            TextInput = text,
            TextRank = textShape.Length,
            Prompts = textShape[^2],
            Dimensions = textShape[^1],
            Output = output,
            NewDecoder = outputShape[2] == 6 && outputShape[1] is > 0 and <= 1000 ? () => new EndToEndDecoder() : () => new ChannelMajorDecoder(),
        };
    }

    private static (string Name, int[] Shape) FindOutput(InferenceSession session, string path)
    {
        // `regions` and the like come after the boxes in every graph that has them.
        foreach (string name in session.OutputNames)
        {
            if (session.OutputMetadata[name] is { IsTensor: true, Dimensions.Length: 3 } found) { return (name, found.Dimensions); }
        }
        throw Unknown(path, "output with 3 dimensions", session.OutputMetadata);
    }

    private static (string Name, int[] Shape) Find(
        IReadOnlyDictionary<string, NodeMetadata> nodes, string path, string what, Func<int[], bool> fits)
    {
        foreach ((string name, NodeMetadata node) in nodes)
        {
            if (node.IsTensor && node.ElementType == typeof(float) && fits(node.Dimensions)) { return (name, node.Dimensions); }
        }
        throw Unknown(path, what, nodes);
    }

    private static ModelException Unknown(string path, string expected, IReadOnlyDictionary<string, NodeMetadata> nodes) => new(
        $"{path}: no {expected}; the file has " +
        string.Join(", ", nodes.Select(node => $"{node.Key} [{string.Join(", ", node.Value.Dimensions)}]")) + ".",
        "Use a detector that was exported with a text input.");
}
