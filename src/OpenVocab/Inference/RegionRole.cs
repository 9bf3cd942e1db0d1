namespace OpenVocab.Inference;

/// <summary>The output that says what regions are before they meet any word: <c>[B, D', A]</c>, an anchor a column.</summary>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Dimensions">D': numbers a region; -1 where the file leaves it open.</param>
internal sealed record RegionRole(string Name, int Dimensions)
{
    /// <summary>The role among the outputs, or null: of those that are not read otherwise, the first of floats with three dimensions.</summary>
    internal static RegionRole? Find(IReadOnlyList<TensorDescription> outputs, IReadOnlyList<string> read) =>
        outputs.FirstOrDefault(output => output.Rank == 3 && ElementTypes.IsFloat(output.Type) && !read.Contains(output.Name)) is { } found ? new(found.Name, found.Shape[1]) : null;
}
