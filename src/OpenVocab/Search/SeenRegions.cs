namespace OpenVocab.Search;

/// <summary>A thing of an index, without its views.</summary>
/// <param name="Source">Index among <see cref="SeenRegions.Sources"/>.</param>
/// <param name="Track">Number of the track; null where it was seen in one frame only.</param>
/// <param name="First">When it was seen first.</param>
/// <param name="Last">When it was seen last.</param>
/// <param name="Frames">In how many frames.</param>
internal readonly record struct StoredThing(int Source, int? Track, TimeSpan First, TimeSpan Last, int Frames);

/// <summary>A view of a thing; its region is the row of the same number in <see cref="SeenRegions.Regions"/>.</summary>
/// <param name="Thing">Index among <see cref="SeenRegions.Things"/>.</param>
/// <param name="Time">Since the start of the source.</param>
/// <param name="Box">In pixels of the source.</param>
internal readonly record struct StoredView(int Thing, TimeSpan Time, Box Box);

/// <summary>All that an index holds, in memory: what a question is compared with.</summary>
/// <param name="Sources">In the order of the file.</param>
/// <param name="Things">Those of a source one after another.</param>
/// <param name="Views">Those of a thing one after another, in the order of time.</param>
/// <param name="Regions">A row a view.</param>
internal sealed record SeenRegions(IReadOnlyList<StoredSource> Sources, IReadOnlyList<StoredThing> Things, List<StoredView> Views, RegionTable Regions)
{
    /// <summary>Of each thing, the index of its first view.</summary>
    internal int[] FirstViews { get; } = FirstOf(Things.Count, Views);

    private static int[] FirstOf(int things, List<StoredView> views)
    {
        int[] first = new int[things];
        for (int view = views.Count - 1; view >= 0; view--) { first[views[view].Thing] = view; }
        return first;
    }
}
