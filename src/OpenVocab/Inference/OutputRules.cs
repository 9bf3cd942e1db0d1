using OpenVocab.Decoding;

namespace OpenVocab.Inference;

/// <summary>Finds out what the outputs of a network are by number, rank, dimensions, type and values, never by name: each rule knows one family of exports.</summary>
internal static class OutputRules
{
    /// <summary>The layout of the first rule that fits, or null.</summary>
    internal static OutputLayout? Find(OutputFacts facts) => Lists(facts) ?? Rows(facts) ?? TwoOutputsRule.Find(facts) ?? OneOutputRule.Find(facts) ?? SplitHeadsRule.Find(facts);

    // Four outputs of a network that suppresses overlaps itself. Of two that could be the number of boxes or the labels the number comes first.
    private static OutputLayout? Lists(OutputFacts facts)
    {
        bool flat = facts.OfRank(3).Count == 0;
        OutputFact? boxes = facts.OfRank(flat ? 2 : 3).FirstOrDefault(output => output.Shape[^1] == 4);
        List<OutputFact> others = [.. facts.Outputs.Where(output => output != boxes && output.Rank <= 2 && ElementTypes.SizeOf(output.Type) > 0)];
        if (boxes is null || others.Count != 3) { return null; }
        int rank = flat ? 1 : 2;
        OutputFact number = others.Find(output => !output.IsFloat && IsNumber(output)) ?? others.Find(IsNumber) ?? others[0];
        List<OutputFact> rest = [.. others.Where(output => output != number)];
        OutputFact scores = rest.Find(output => output.IsFloat) ?? rest[0];
        OutputFact labels = rest.Find(output => output != scores)!;
        if (scores.Rank != rank || labels.Rank != rank || !scores.IsFloat) { return null; }
        return new()
        {
            Outputs = [number.Name, boxes.Name, scores.Name, labels.Name],
            Roles = ["how many boxes", "boxes (x1, y1, x2, y2); overlaps already suppressed", "scores", "classes"],
            NewDecoder = () => new ListDecoder(flat),
            HasFreeRows = flat || boxes.Declared[1] < 0,
        };

        // Scores and labels have a dimension for the boxes; in a flat list only one whose length the file gives can be told from them.
        bool IsNumber(OutputFact output) => flat ? output.Rank == 2 || output.Declared[0] == 1 : output.Rank == 1 || output.Shape[1] == 1;
    }

    private static OutputLayout? Rows(OutputFacts facts) =>
        facts.Outputs.Count == 1 && facts.OfRank(2) is [{ } list] && list.Shape[1] == RowListDecoder.RowLength
            ? new()
            {
                Outputs = [list.Name],
                Roles = ["rows of picture, class, score, x1, y1, x2, y2; overlaps already suppressed"],
                NewDecoder = () => new RowListDecoder(),
                HasFreeRows = true,
            }
            : null;
}
