using OpenVocab.Search;
using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>What a person reads of pictures that were found.</summary>
internal static class HitTable
{
    internal static void Print(IReadOnlyList<ImageHit> hits, IndexDescription index)
    {
        if (hits.Count == 0)
        {
            Screen.Error.WriteLine("The index has no pictures.");
            return;
        }
        Table table = new Table().Border(Screen.IsTerminal ? TableBorder.Rounded : TableBorder.None).AddColumn(new TableColumn("").RightAligned()).AddColumn(new TableColumn("score").RightAligned()).AddColumn("picture");
        for (int i = 0; i < hits.Count; i++) { table.AddRow(Invariant($"{i + 1}"), Invariant($"{hits[i].Score:0.000}"), Line(hits[i].Name).EscapeMarkup()); }
        Screen.Error.Write(table);
        Screen.Error.WriteLine(Invariant($"{hits.Count} of {index.Count} pictures in {index.Folder}."));
    }

    // A name may hold what moves a terminal's cursor.
    private static string Line(string name) => string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter));
}
