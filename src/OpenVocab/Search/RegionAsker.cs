using OpenVocab.Prompts;

namespace OpenVocab.Search;

/// <summary>The best view of a thing for a class.</summary>
/// <param name="ClassId">Of the vocabulary.</param>
/// <param name="Thing">Index among <see cref="SeenRegions.Things"/>.</param>
/// <param name="View">Index among <see cref="SeenRegions.Views"/>.</param>
/// <param name="Score">Probability.</param>
internal readonly record struct FittingThing(int ClassId, int Thing, int View, float Score);

/// <summary>Compares all regions of an index with words.</summary>
internal static class RegionAsker
{
    /// <summary>Of each thing and class the view that fits best, if it fits at all.</summary>
    /// <param name="seen">What is asked.</param>
    /// <param name="words">Classes, synonyms, and background that a view must not fit better.</param>
    /// <param name="queries">A row for each row of <paramref name="words"/>.</param>
    /// <param name="space">What makes probabilities of inner products.</param>
    /// <param name="minScore">Scores must be greater; classes may have their own.</param>
    /// <returns>Best score first; equal ones in the order of the index.</returns>
    internal static List<FittingThing> Ask(SeenRegions seen, Vocabulary words, float[] queries, RegionSpace space, float minScore)
    {
        int dimensions = space.Dimensions;
        int[] rows = [.. Enumerable.Range(0, words.Rows).Where(row => words.ClassOfRow[row] >= 0)], background = [.. Enumerable.Range(0, words.Rows).Where(row => words.ClassOfRow[row] < 0)];
        float[] asked = [.. rows.SelectMany(row => queries.AsSpan(row * dimensions, dimensions).ToArray())];
        float[] least = [.. rows.Select(row => space.Product(words.Classes[words.ClassOfRow[row]].Threshold ?? minScore))];
        Dictionary<(int ClassId, int Thing), FittingThing> best = [];
        foreach (RegionMatch match in seen.Regions.Search(asked, least))
        {
            int classId = words.ClassOfRow[rows[match.Query]], thing = seen.Views[match.Row].Thing;
            float score = space.Probability(match.Product);
            if (best.TryGetValue((classId, thing), out FittingThing before) && before.Score >= score) { continue; }
            if (background.Any(row => seen.Regions.Product(match.Row, queries.AsSpan(row * dimensions, dimensions)) >= match.Product)) { continue; }
            best[(classId, thing)] = new(classId, thing, match.Row, score);
        }
        return [.. best.Values.OrderByDescending(fit => fit.Score).ThenBy(fit => fit.Thing).ThenBy(fit => fit.ClassId)];
    }
}
