using OpenVocab.Search;
using OpenVocab.Sources;
using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>What a person reads of things that were found in videos.</summary>
internal static class AnswerTable
{
    private const int MostProblems = 10;

    /// <param name="answers">Best first.</param>
    /// <param name="index">What was asked.</param>
    /// <param name="withWords">Whether it is said which words each fits: where there are several.</param>
    internal static void Print(IReadOnlyList<VideoAnswer> answers, VideoIndexDescription index, bool withWords)
    {
        if (answers.Count == 0) { Screen.Error.WriteLine("Nothing fits. A lower --conf finds what fits less."); }
        else { Screen.Error.Write(Fill(answers, withWords)); }
        Screen.Error.WriteLine(Invariant($"{answers.Count} of {index.Things} things in {index.Sources} sources."));
    }

    /// <summary>Sources that cannot be shown any more: said even to those who want it quiet.</summary>
    internal static void PrintProblems(IReadOnlyList<VideoAnswer> answers)
    {
        (string Path, string Problem)[] problems = [.. answers.Where(answer => answer.SourceProblem is not null).Select(answer => (answer.Path, answer.SourceProblem!)).Distinct()];
        foreach ((string path, string problem) in problems.Take(MostProblems)) { Screen.Error.WriteLine($"notice: {Line(path)}: {problem}: what was seen in it is told, and not shown."); }
        if (problems.Length > MostProblems) { Screen.Error.WriteLine($"notice: … and {problems.Length - MostProblems} more sources that are gone or have changed."); }
    }

    private static Table Fill(IReadOnlyList<VideoAnswer> answers, bool withWords)
    {
        Table table = new Table().Border(Screen.IsTerminal ? TableBorder.Rounded : TableBorder.None).AddColumn(new TableColumn("").RightAligned()).AddColumn(new TableColumn("score").RightAligned());
        if (withWords) { table.AddColumn("words"); }
        table.AddColumn("seen").AddColumn("best at").AddColumn("where").AddColumn("source");
        for (int i = 0; i < answers.Count; i++)
        {
            VideoAnswer answer = answers[i];
            bool still = answer.Kind == SourceKind.Picture;
            List<string> cells = [Invariant($"{i + 1}"), Invariant($"{answer.Score:0.00}")];
            if (withWords) { cells.Add(answer.Words); }
            cells.AddRange([still ? "picture" : $"{ClockText.Of(answer.From)} - {ClockText.Of(answer.To)}", still ? "" : ClockText.Of(answer.BestTime), Invariant($"{answer.Box.X1:0},{answer.Box.Y1:0} {answer.Box.Width:0}x{answer.Box.Height:0}"), Line(Path.GetFileName(answer.Path))]);
            table.AddRow([.. cells.Select(cell => cell.EscapeMarkup())]);
        }
        return table;
    }

    // A name may hold what moves a terminal's cursor.
    private static string Line(string name) => string.Concat(name.Select(letter => char.IsControl(letter) ? '?' : letter));
}
