using OpenVocab.Decoding;

namespace OpenVocab.Inference;

/// <summary>
/// One map, or a map of scores and one of boxes, for each level of the network, as exports for accelerators have them: <c>[B, C, h, w]</c> or
/// <c>[B, h, w, C]</c>, boxes as distances or as bins of distances.
/// </summary>
internal static class SplitHeadsRule
{
    private const int Distances = 4, DistanceBins = 64, MostLevels = 5;

    internal static OutputLayout? Find(OutputFacts facts)
    {
        IReadOnlyList<OutputFact> maps = facts.OfRank(4);
        if (maps.Count < 2 || facts.OfRank(3).Count > 0 || ChannelsLast(facts, maps) is not { } last) { return null; }
        List<string> outputs = [], roles = [];
        List<DenseLevel> levels = [];
        int classes = -1, channels = 0;
        bool logits = false;
        foreach (IGrouping<int, OutputFact> level in maps.GroupBy(map => map.Shape[last ? 1 : 2]).OrderByDescending(level => level.Key))
        {
            if (ReadLevel(facts, [.. level], last, outputs) is not { } found) { return null; }
            levels.Add(found);
            float[] scores = OutputFacts.Select(Of(found.Scores), last, found.Scores.Channels);
            (int count, int boxes) = (CountOf(found.Scores), CountOf(found.Boxes));
            if (classes >= 0 && (classes, channels) != (count, boxes)) { return null; }
            (classes, channels, logits) = (count, boxes, logits || OutputFacts.AreLogits(scores));
        }
        if (levels.Count is < 2 or > MostLevels) { return null; }
        BoxForm form = channels == Distances ? BoxForm.Distances : BoxForm.DistanceBins;
        foreach (string name in outputs)
        {
            string[] parts = [.. Parts(name)];
            roles.Add($"{string.Join(" and ", parts)} of one level, channels {(last ? "last" : "first")}");
        }
        return OutputLayout.Dense(outputs, roles, new DenseLayout([.. levels], form, logits), classes);

        OutputFact Of(ChannelRange range) => maps.First(map => map.Name == outputs[range.Output]);

        int CountOf(ChannelRange range) => range.Channels.GetOffsetAndLength(Of(range).Shape[last ? 3 : 1]).Length;

        IEnumerable<string> Parts(string name)
        {
            if (levels.Exists(level => outputs[level.Boxes.Output] == name)) { yield return form == BoxForm.Distances ? "distances to the edges in cells" : "bins of distances to the edges"; }
            if (levels.Exists(level => outputs[level.Scores.Output] == name)) { yield return logits ? "logits" : "probabilities"; }
        }
    }

    // Sides of a map are whole fractions of the input's, the same for both: channels are not.
    private static bool? ChannelsLast(OutputFacts facts, IReadOnlyList<OutputFact> maps)
    {
        bool IsMap(int height, int width) => height > 0 && width > 0 && facts.Height % height == 0 && facts.Width % width == 0 && facts.Height / height == facts.Width / width;
        if (maps.All(map => IsMap(map.Shape[2], map.Shape[3]))) { return false; }
        return maps.All(map => IsMap(map.Shape[1], map.Shape[2])) ? true : null;
    }

    private static DenseLevel? ReadLevel(OutputFacts facts, List<OutputFact> maps, bool last, List<string> outputs)
    {
        int Channels(OutputFact map) => map.Shape[last ? 3 : 1];

        int Add(OutputFact map)
        {
            outputs.Add(map.Name);
            return outputs.Count - 1;
        }

        if (maps.Count == 3 && maps.FindLast(map => Channels(map) == 1) is { } sum) { maps.Remove(sum); }
        if (maps.Count == 1)
        {
            int all = Channels(maps[0]), boxes = BoxChannels(all, facts.Classes), index = Add(maps[0]);
            if (boxes == 0) { return null; }
            return BoxesFirst(maps[0], last, boxes) ? new(new(index, last, boxes..), new(index, last, ..boxes)) : new(new(index, last, ..^boxes), new(index, last, ^boxes..));
        }
        if (maps.Count != 2) { return null; }
        // Where both could be boxes the scores come first.
        bool CouldBeBoxes(OutputFact map) => Channels(map) is Distances or DistanceBins;
        bool CouldBeScores(OutputFact map) => facts.Classes < 0 || Channels(map) == facts.Classes;
        (OutputFact scores, OutputFact box) = CouldBeScores(maps[0]) && CouldBeBoxes(maps[1]) ? (maps[0], maps[1]) : (maps[1], maps[0]);
        return CouldBeScores(scores) && CouldBeBoxes(box) ? new(new(Add(scores), last, ..), new(Add(box), last, ..)) : null;
    }

    private static int BoxChannels(int all, int classes) => classes < 0
        ? all > DistanceBins ? DistanceBins : all > Distances ? Distances : 0
        : all - classes is Distances or DistanceBins ? all - classes : 0;

    // Nothing is to be seen in the trial picture, so scores are low everywhere, and of the boxes' numbers some are high: the split with the wider
    // gap between the two is the right one.
    private static bool BoxesFirst(OutputFact map, bool last, int boxes) =>
        Largest(map, last, ..boxes) - Largest(map, last, boxes..) >= Largest(map, last, ^boxes..) - Largest(map, last, ..^boxes);

    private static float Largest(OutputFact map, bool last, Range channels) => OutputFacts.Select(map, last, channels).Max();
}
