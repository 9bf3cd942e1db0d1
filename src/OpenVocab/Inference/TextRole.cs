using Microsoft.ML.OnnxRuntime.Tensors;

namespace OpenVocab.Inference;

/// <summary>The input that takes the words' embeddings. A dimension that the file leaves open is -1.</summary>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Type">float32 or float16.</param>
/// <param name="Rank">2: <c>[K, D]</c>; 3: <c>[B, K, D]</c>.</param>
/// <param name="Batch">First of three dimensions: 1, or as many as there are pictures.</param>
/// <param name="Prompts">How many prompts a run takes.</param>
/// <param name="Dimensions">Length of one embedding.</param>
internal sealed record TextRole(string Name, TensorElementType Type, int Rank, int Batch, int Prompts, int Dimensions)
{
    /// <summary>Shorter rows are something else: a size, a scale.</summary>
    private const int LeastDimensions = 8;

    /// <summary>The role that an input could play, or null.</summary>
    internal static TextRole? For(TensorDescription input) =>
        input.Rank is 2 or 3 && ElementTypes.IsFloat(input.Type) && input.Shape[^1] >= LeastDimensions
            ? new(input.Name, input.Type, input.Rank, input.Rank == 3 ? input.Shape[0] : 1, input.Shape[^2], input.Shape[^1])
            : null;

    /// <summary>How often the rows are given for so many pictures.</summary>
    internal int CopiesFor(int pictures) => Batch < 0 ? pictures : Batch;

    /// <summary>Dimensions for so many prompts and pictures.</summary>
    internal long[] ShapeFor(int rows, int pictures) => Rank == 2 ? [rows, Dimensions] : [CopiesFor(pictures), rows, Dimensions];
}
