namespace OpenVocab.Search;

/// <summary>
/// Makes one answer of things that are one: a track that broke and went on, a box beside a track. As in non-maximum suppression the best score comes first; what lies where it lies, at about the
/// same time, joins it.
/// </summary>
internal sealed class AnswerMerge(SeenRegions seen)
{
    private const float LeastOverlap = 0.5f;

    /// <summary>Between two frames further apart a thing may have gone, and another come.</summary>
    private static readonly TimeSpan s_mostApart = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(int ClassId, int Source), List<MergedThing>> _kept = [];

    /// <summary>The best things, each with those that joined it.</summary>
    /// <param name="fitting">Best score first.</param>
    /// <param name="count">How many are kept at most; what comes after them can only join.</param>
    internal IReadOnlyList<MergedThing> Run(IEnumerable<FittingThing> fitting, int count)
    {
        List<MergedThing> all = [];
        foreach (FittingThing fit in fitting)
        {
            (int, int) group = (fit.ClassId, seen.Things[fit.Thing].Source);
            if (!_kept.TryGetValue(group, out List<MergedThing>? kept)) { _kept[group] = kept = []; }
            if (kept.Find(other => other.Things.Exists(thing => AreOne(thing, fit.Thing))) is { } same) { same.Things.Add(fit.Thing); }
            else if (all.Count < count)
            {
                kept.Add(new(fit, [fit.Thing]));
                all.Add(kept[^1]);
            }
        }
        return all;
    }

    private bool AreOne(int one, int other)
    {
        (StoredThing a, StoredThing b) = (seen.Things[one], seen.Things[other]);
        if (a.First > b.Last + s_mostApart || b.First > a.Last + s_mostApart) { return false; }
        (TimeSpan apart, float overlap) nearest = (TimeSpan.MaxValue, 0);
        foreach (StoredView left in ViewsOf(one))
        {
            foreach (StoredView right in ViewsOf(other))
            {
                TimeSpan apart = (left.Time - right.Time).Duration();
                if (apart < nearest.apart) { nearest = (apart, left.Box.Overlap(right.Box)); }
            }
        }
        return nearest.apart <= s_mostApart && nearest.overlap >= LeastOverlap;
    }

    private IEnumerable<StoredView> ViewsOf(int thing)
    {
        for (int view = seen.FirstViews[thing]; view < seen.Views.Count && seen.Views[view].Thing == thing; view++) { yield return seen.Views[view]; }
    }
}

/// <summary>A thing, and all that are it as well.</summary>
/// <param name="Best">What it is shown by.</param>
/// <param name="Things">Itself, and those that joined it.</param>
internal sealed record MergedThing(FittingThing Best, List<int> Things);
