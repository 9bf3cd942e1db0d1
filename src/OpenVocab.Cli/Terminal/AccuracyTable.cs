using OpenVocab.Cli.Evaluating;
using OpenVocab.Cli.Options;
using OpenVocab.Evaluation;
using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>What a person reads of an evaluation.</summary>
internal static class AccuracyTable
{
    private const int MostProblems = 10;

    internal static void PrintDataset(LabelledDataset dataset, EvaluationRules rules, bool quiet)
    {
        if (!quiet) { Screen.Error.WriteLine($"{dataset.Name}: {Plural(dataset.Images.Count, "picture")}, {Plural(dataset.Labels.Count, "box", "boxes")}, {Plural(dataset.Classes.Count, "class", "classes")}."); }
        foreach (string notice in dataset.Notices) { Screen.Error.WriteLine($"notice: {notice}"); }
        bool federated = dataset.Images.Any(image => image.Federated is not null);
        if (federated && rules == EvaluationRules.Coco) { Screen.Error.WriteLine("notice: These labels are LVIS': not every class was looked for in every picture, so what is right may count as a mistake; --rules lvis measures them as lvis-api does."); }
        if (!federated && rules != EvaluationRules.Coco) { Screen.Error.WriteLine("notice: These labels do not say which classes their pictures were looked at for: a class counts only in pictures where it is labelled."); }
    }

    /// <summary>The first of what is wrong with the data, and how many there are.</summary>
    internal static void PrintProblems(DataProblems problems)
    {
        foreach (DataProblem problem in problems.First.Take(MostProblems)) { Screen.Error.WriteLine($"warning: {problem}."); }
        if (problems.Count > MostProblems) { Screen.Error.WriteLine($"warning: … and {problems.Count - MostProblems} more."); }
    }

    internal static void Print(Measurement measured)
    {
        Table table = NewTable("class");
        foreach (string column in (string[])["boxes", "AP", "AP50", "AP75", "best threshold", "precision", "recall", "F1"]) { table.AddColumn(new TableColumn(column).RightAligned()); }
        int without = 0;
        foreach ((DatasetClass name, ClassEvaluation found) in measured.Dataset.Classes.Zip(measured.Report.Classes))
        {
            if (found.Boxes == 0)
            {
                without++;
                continue;
            }
            Accuracy accuracy = found.Accuracy;
            table.AddRow(
                name.Name.EscapeMarkup(), Invariant($"{found.Boxes}"), Number(accuracy.AP), Number(accuracy.AP50), Number(accuracy.AP75),
                Number(found.Best?.Threshold), Number(found.Best?.Precision), Number(found.Best?.Recall), Number(found.Best?.F1));
        }
        Screen.Error.Write(table);
        if (without > 0) { Screen.Error.WriteLine($"{Plural(without, "class", "classes")} without labelled boxes: not in the table, and in no number."); }
        foreach ((string Name, double Value)[] line in measured.Stats().Chunk(6)) { Screen.Error.WriteLine(string.Join("   ", line.Select(number => $"{number.Name} {Number(number.Value)}"))); }
    }

    internal static Table NewTable(string first) => new Table().Border(Screen.IsTerminal ? TableBorder.Rounded : TableBorder.None).AddColumn(first);

    internal static string Number(double? value) => value is >= 0 ? Invariant($"{value:0.000}") : "-";

    private static string Plural(int count, string one, string? many = null) => Invariant($"{count} {(count == 1 ? one : many ?? one + "s")}");
}
