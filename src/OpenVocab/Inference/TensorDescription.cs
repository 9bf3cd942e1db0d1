using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace OpenVocab.Inference;

/// <summary>An input or output as a file declares it.</summary>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Its dimensions; -1 where the file leaves one open.</param>
internal sealed record TensorDescription(string Name, TensorElementType Type, int[] Shape)
{
    internal int Rank => Shape.Length;

    /// <summary>All tensors among inputs or outputs, in the order of the file.</summary>
    internal static IReadOnlyList<TensorDescription> Of(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        [.. names.Where(name => nodes[name].IsTensor).Select(name => new TensorDescription(name, nodes[name].ElementDataType, nodes[name].Dimensions))];

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {ElementTypes.NameOf(Type)} [{string.Join(", ", Shape.Select(side => side < 0 ? "?" : Invariant($"{side}")))}]";
}
