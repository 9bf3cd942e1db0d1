using Microsoft.ML.OnnxRuntime.Tensors;

namespace OpenVocab.Inference;

/// <summary>An output as a trial run showed it.</summary>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Declared">Its dimensions as the file declares them; -1 where it leaves one open.</param>
/// <param name="Shape">Its dimensions in the trial run.</param>
/// <param name="Values">What it gave, as float32; empty for a type that is not read.</param>
internal sealed record OutputFact(string Name, TensorElementType Type, int[] Declared, int[] Shape, float[] Values)
{
    internal int Rank => Shape.Length;

    internal bool IsFloat => ElementTypes.IsFloat(Type);
}
