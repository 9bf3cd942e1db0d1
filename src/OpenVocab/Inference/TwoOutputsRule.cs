using OpenVocab.Decoding;

namespace OpenVocab.Inference;

/// <summary>Boxes and scores apart, in any order, each with the anchors as rows or as columns.</summary>
internal static class TwoOutputsRule
{
    private const int BoxChannels = 4;

    /// <summary>No distance is longer, in cells: the networks that give distances have 16 bins. Pixels of a picture are more.</summary>
    private const float LongestDistance = 16;

    internal static OutputLayout? Find(OutputFacts facts)
    {
        IReadOnlyList<OutputFact> outputs = facts.OfRank(3);
        foreach (OutputFact boxes in outputs.Where(output => output.Shape[1] == BoxChannels || output.Shape[2] == BoxChannels).OrderByDescending(output => Largest(output.Values)))
        {
            bool boxesLast = boxes.Shape[2] == BoxChannels;
            int anchors = boxes.Shape[boxesLast ? 1 : 2];
            foreach (OutputFact scores in outputs.Where(output => output != boxes && (output.Shape[1] == anchors || output.Shape[2] == anchors)))
            {
                bool scoresLast = scores.Shape[1] == anchors;
                int classes = scores.Shape[scoresLast ? 2 : 1];
                if (facts.Classes < 0 || classes >= facts.Classes) { return Read(facts, boxes, boxesLast, scores, scoresLast, classes); }
            }
        }
        return null;
    }

    private static OutputLayout Read(OutputFacts facts, OutputFact boxes, bool boxesLast, OutputFact scores, bool scoresLast, int classes)
    {
        bool logits = OutputFacts.AreLogits(scores.Values);
        BoxForm form = FormOf(facts, OutputFacts.Select(boxes, boxesLast, ..));
        string words = form switch { BoxForm.Distances => "distances to the edges in cells", BoxForm.Corners => "x1, y1, x2, y2", _ => "centre, size" };
        DenseLevel level = new(new(1, scoresLast, ..), new(0, boxesLast, ..));
        return OutputLayout.Dense(
            [boxes.Name, scores.Name],
            [$"boxes ({words}), an anchor a {(boxesLast ? "row" : "column")}", $"{(logits ? "logits" : "probabilities")}, an anchor a {(scoresLast ? "row" : "column")}"],
            new DenseLayout([level], form, logits), classes);
    }

    // Anchors lie all over the picture, so the numbers of all of them together tell: distances are short and never negative; corners are in
    // order everywhere; a centre far to the right has a width that is smaller than it.
    private static BoxForm FormOf(OutputFacts facts, float[] values)
    {
        int anchors = values.Length / BoxChannels;
        if (anchors == facts.UsualAnchors && values.All(value => value is >= 0 and <= LongestDistance)) { return BoxForm.Distances; }
        for (int anchor = 0; anchor < anchors; anchor++)
        {
            if (values[2 * anchors + anchor] < values[anchor] || values[3 * anchors + anchor] < values[anchors + anchor]) { return BoxForm.CenterSize; }
        }
        return BoxForm.Corners;
    }

    private static float Largest(float[] values) => values.Length == 0 ? 0 : values.Max();
}
