using OpenVocab.Decoding;

namespace OpenVocab.Inference;

/// <summary>Everything in one output of three dimensions: rows after suppression, or a box and scores for every anchor.</summary>
internal static class OneOutputRule
{
    private const int RowLength = 6, MostRows = 1000, BoxChannels = 4;

    /// <summary>The layout of the first output that fits (further ones are something else, such as regions), or null.</summary>
    internal static OutputLayout? Find(OutputFacts facts)
    {
        // With a map of four dimensions beside it the rest of the channels are coefficients of masks.
        if (facts.OfRank(4).Count > 0) { return null; }
        foreach (OutputFact output in facts.OfRank(3))
        {
            if (Read(facts, output) is { } layout) { return layout; }
        }
        return null;
    }

    private static OutputLayout? Read(OutputFacts facts, OutputFact output)
    {
        Reading[] readings = [.. Readings(facts, output)];
        // Two classes have six channels as well: only what has as many anchors as the strides say is no list of rows.
        if (readings.FirstOrDefault(reading => IsUsual(facts, reading.Anchors)) is { } usual) { return Dense(output, usual); }
        if (output.Shape[2] == RowLength && output.Shape[1] <= MostRows) { return OutputLayout.EndToEnd(output.Name, output.Declared[1] < 0); }
        return readings.Length > 0 ? Dense(output, readings[0]) : null;
    }

    private static IEnumerable<Reading> Readings(OutputFacts facts, OutputFact output)
    {
        (int rows, int columns) = (output.Shape[1], output.Shape[2]);
        Reading[] both = rows <= columns ? [new(false, rows, columns), new(true, columns, rows)] : [new(true, columns, rows), new(false, rows, columns)];
        foreach (Reading reading in both)
        {
            int classes = reading.Channels - BoxChannels;
            if (facts.Classes < 0)
            {
                // Three anchors a cell is how the networks with objectness are made.
                bool objectness = reading.Anchors == 3 * facts.UsualAnchors;
                if (classes > (objectness ? 1 : 0)) { yield return reading with { HasObjectness = objectness }; }
            }
            else if (classes == facts.Classes || classes == facts.Classes + 1) { yield return reading with { HasObjectness = classes > facts.Classes }; }
        }
    }

    private static OutputLayout Dense(OutputFact output, Reading reading)
    {
        (bool last, bool objectness) = (reading.ChannelsLast, reading.HasObjectness);
        int start = objectness ? BoxChannels + 1 : BoxChannels, classes = reading.Channels - start;
        bool logits = OutputFacts.AreLogits(OutputFacts.Select(output, last, BoxChannels..));
        if (!last && !objectness && !logits) { return OutputLayout.ChannelMajor(output.Name, classes); }
        DenseLevel level = new(new(0, last, start..), new(0, last, ..BoxChannels), objectness ? new(0, last, BoxChannels..start) : null);
        string role = $"boxes (centre, size), {(objectness ? "objectness " : "")}and {(logits ? "logits" : "probabilities")}, an anchor a {(last ? "row" : "column")}";
        return OutputLayout.Dense([output.Name], [role], new DenseLayout([level], BoxForm.CenterSize, logits), classes);
    }

    private static bool IsUsual(OutputFacts facts, int anchors) => anchors == facts.UsualAnchors || anchors == 3 * facts.UsualAnchors;

    /// <summary>One way to read an output.</summary>
    private sealed record Reading(bool ChannelsLast, int Channels, int Anchors, bool HasObjectness = false);
}
