namespace OpenVocab.Prompts;

/// <summary>Which known names a person may have meant.</summary>
internal static class NearNames
{
    private const int Most = 3, ShortestPart = 3;

    /// <summary>At most three, the nearest first: few letters apart, or one a part of the other.</summary>
    internal static IReadOnlyList<string> Find(string word, IEnumerable<string> names)
    {
        string wanted = word.Trim().ToLowerInvariant();
        return [.. names.Select(name => (Name: name, Distance: Distance(wanted, name.ToLowerInvariant()))).Where(found => found.Distance >= 0).OrderBy(found => found.Distance).Take(Most).Select(found => found.Name)];
    }

    private static int Distance(string wanted, string name)
    {
        int letters = Edits(wanted, name);
        if (letters <= Math.Max(1, Math.Min(wanted.Length, name.Length) / 3)) { return letters; }
        bool part = Math.Min(wanted.Length, name.Length) >= ShortestPart && (name.Contains(wanted, StringComparison.Ordinal) || wanted.Contains(name, StringComparison.Ordinal));
        return part ? wanted.Length + name.Length : -1;
    }

    /// <summary>How many letters must be put in, taken out or changed (Levenshtein).</summary>
    private static int Edits(string a, string b)
    {
        int[] above = [.. Enumerable.Range(0, b.Length + 1)], row = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++) { row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)); }
            (above, row) = (row, above);
        }
        return above[b.Length];
    }
}
