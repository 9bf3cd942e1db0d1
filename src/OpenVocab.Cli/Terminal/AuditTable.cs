using OpenVocab.Cli.Evaluating;
using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>What a person reads of an audit of prompts.</summary>
internal static class AuditTable
{
    private const int MostWords = 10;

    internal static void Print(PromptsAudit audit)
    {
        Screen.Error.WriteLine();
        if (audit.Phrases.Count == 0) { Screen.Error.WriteLine("No class has several phrases to compare: --classes-file gives them (docs/evaluation.md)."); }
        else
        {
            Table phrases = AccuracyTable.NewTable("class").AddColumn("phrase");
            foreach (string column in (string[])["boxes", "AP", "AP50", "best threshold", "F1"]) { phrases.AddColumn(new TableColumn(column).RightAligned()); }
            phrases.AddColumn("");
            foreach (PhraseAudit each in audit.Phrases)
            {
                phrases.AddRow(
                    each.Class.EscapeMarkup(), each.Phrase.EscapeMarkup(), Invariant($"{each.Found.Boxes}"), AccuracyTable.Number(each.Found.Accuracy.AP), AccuracyTable.Number(each.Found.Accuracy.AP50),
                    AccuracyTable.Number(each.Found.Best?.Threshold), AccuracyTable.Number(each.Found.Best?.F1), each.IsBest ? "best" : "");
            }
            Screen.Error.Write(phrases);
        }
        Screen.Error.WriteLine(Invariant(
            $"Words that are not in the pictures: {audit.Absent.Count} words, {audit.AbsentBoxes} boxes above {audit.Threshold:0.##} in {audit.Pictures} pictures: {audit.AbsentBoxesPerPicture:0.000} a picture for all of them together."));
        if (audit.AbsentBoxes == 0) { return; }
        Table loudest = AccuracyTable.NewTable("absent word").AddColumn(new TableColumn("boxes").RightAligned()).AddColumn(new TableColumn("highest score").RightAligned());
        foreach (AbsentAudit word in audit.Absent.Where(word => word.Boxes > 0).Take(MostWords)) { loudest.AddRow(word.Word.EscapeMarkup(), Invariant($"{word.Boxes}"), AccuracyTable.Number(word.HighestScore)); }
        Screen.Error.Write(loudest);
    }
}
