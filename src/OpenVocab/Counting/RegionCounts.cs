namespace OpenVocab.Counting;

/// <summary>What was counted at one line or in one zone, from the start of the source.</summary>
/// <param name="Region">Where.</param>
/// <param name="Classes">By class, those that were counted so far, in the order in which they came.</param>
public sealed record RegionCounts(CountRegion Region, IReadOnlyList<ClassCounts> Classes)
{
    /// <summary>All classes together: how many came in.</summary>
    public int In => Classes.Sum(counts => counts.In);

    /// <summary>All classes together: how many left.</summary>
    public int Out => Classes.Sum(counts => counts.Out);

    /// <summary>All classes together: how many are inside now; 0 for a line.</summary>
    public int Inside => Classes.Sum(counts => counts.Inside);
}

/// <summary>The numbers of one class.</summary>
/// <param name="Class">Its name.</param>
/// <param name="In">How many crossed the line inwards, or came into the zone.</param>
/// <param name="Out">How many crossed the line outwards, or left the zone.</param>
/// <param name="Inside">How many are in the zone now: <paramref name="In"/> - <paramref name="Out"/>; 0 for a line.</param>
/// <param name="MeanDwell">How long a visit of the zone lasts on average, visits that go on included; zero for a line.</param>
/// <param name="LongestDwell">The longest visit of the zone so far; zero for a line.</param>
public readonly record struct ClassCounts(string Class, int In, int Out, int Inside, TimeSpan MeanDwell, TimeSpan LongestDwell);
