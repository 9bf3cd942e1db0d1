using OpenVocab.Cli.Comparing;
using OpenVocab.Clip;
using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>What a person reads of pictures that were compared with words.</summary>
internal static class ComparisonTable
{
    /// <summary>A table of a thousand pictures is read by nobody; the lines have all of them.</summary>
    private const int MostRows = 200;

    private const int LongestText = 60;

    internal static Table NewLabels() => Columns("picture", "label", "probability", "cosine");

    internal static void Add(Table table, string picture, IEnumerable<LabelProbability> labels)
    {
        if (table.Rows.Count > MostRows) { return; }
        foreach (LabelProbability label in labels)
        {
            table.AddRow(picture.EscapeMarkup(), label.Label.EscapeMarkup(), Invariant($"{label.Probability:0.000}"), Invariant($"{label.Cosine:0.0000}"));
            picture = "";
        }
    }

    internal static void Print(Table table, int pictures)
    {
        Screen.Error.Write(table);
        if (table.Rows.Count > MostRows) { Screen.Error.WriteLine(Invariant($"… of {pictures} pictures; --jsonl has all of them.")); }
    }

    internal static void Print(IReadOnlyList<ComparedPair> pairs, bool ranked)
    {
        Table table = ranked ? Columns("", "picture", "score", "cosine") : Columns("picture", "text", "score", "cosine");
        foreach (ComparedPair pair in pairs.Take(MostRows))
        {
            string score = Invariant($"{pair.Score:0.0000}"), cosine = Invariant($"{pair.Cosine:0.0000}");
            if (ranked) { table.AddRow(Invariant($"{pair.Rank}"), pair.Picture.EscapeMarkup(), score, cosine); }
            else { table.AddRow(pair.Picture.EscapeMarkup(), Shorten(pair.Text).EscapeMarkup(), score, cosine); }
        }
        Screen.Error.Write(table);
        if (pairs.Count > MostRows) { Screen.Error.WriteLine(Invariant($"… and {pairs.Count - MostRows} more; --csv and --jsonl have all of them.")); }
    }

    private static Table Columns(string first, string second, params string[] numbers)
    {
        Table table = AccuracyTable.NewTable(first).AddColumn(second);
        foreach (string number in numbers) { table.AddColumn(new TableColumn(number).RightAligned()); }
        return table;
    }

    private static string Shorten(string text) => text.Length > LongestText ? text[..LongestText] + "…" : text;
}
