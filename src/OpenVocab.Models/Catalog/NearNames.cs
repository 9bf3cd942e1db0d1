namespace OpenVocab.Models.Catalog;

/// <summary>Finds what somebody may have meant by a name that does not exist.</summary>
internal static class NearNames
{
    private const int MostNames = 4;

    /// <summary>The names that differ least, best first: by a third of their letters at most, or because one contains the other.</summary>
    internal static string[] Of(string wanted, IEnumerable<string> names)
    {
        string word = wanted.Trim().ToLowerInvariant();
        if (word.Length == 0) { return []; }
        return [.. names
            .Select(name => (Name: name, Distance: DistanceOf(word, name)))
            .Where(candidate => candidate.Distance <= candidate.Name.Length / 3 || candidate.Name.Contains(word, StringComparison.Ordinal) || word.Contains(candidate.Name, StringComparison.Ordinal))
            .OrderBy(candidate => candidate.Distance)
            .Take(MostNames)
            .Select(candidate => candidate.Name)];
    }

    /// <summary>How many letters must be put in, left out or changed (Levenshtein).</summary>
    internal static int DistanceOf(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
