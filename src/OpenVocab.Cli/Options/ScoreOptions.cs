using System.CommandLine;
using OpenVocab.Clip;

namespace OpenVocab.Cli.Options;

/// <summary>The options of <c>openvocab score</c>.</summary>
internal sealed class ScoreOptions
{
    internal ClipModelOptions Clip { get; } = new();

    internal Argument<string[]> Arguments { get; } = new("picture") { Description = "A picture and a text; with --text, all are pictures: files, folders, patterns, list files.", Arity = ArgumentArity.ZeroOrMore };

    internal Option<string?> Text { get; } = new("--text") { Description = "The text that all pictures are compared with; they come best first.", HelpName = "TEXT" };

    internal Option<string?> Pairs { get; } = new("--pairs") { Description = "Many pairs: .csv with the columns picture and text, .json with a list of objects, or .jsonl. Paths are relative to the file.", HelpName = "FILE" };

    internal Option<string> Formula { get; } = NewFormula();

    internal Option<string?> Csv { get; } = new("--csv") { Description = "File for the scores, a line each; - for standard output.", HelpName = "FILE" };

    internal Option<string?> JsonLines { get; } = new("--jsonl") { Description = "File for a JSON object a score; - for standard output.", HelpName = "FILE" };

    internal Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No table; errors only." };

    internal void AddTo(Command command)
    {
        UnknownOptions.Refuse(command, Arguments);
        command.Arguments.Add(Arguments);
        foreach (Option option in (Option[])[Text, Pairs, Formula, Csv, JsonLines, Quiet]) { command.Options.Add(option); }
        Clip.AddTo(command);
        command.Validators.Add(result =>
        {
            int count = result.GetResult(Arguments)?.Tokens.Count ?? 0;
            bool text = result.GetResult(Text) is not null, pairs = result.GetResult(Pairs) is not null;
            if (pairs && (text || count > 0)) { result.AddError("--pairs names pictures and texts itself: leave the others out."); }
            else if (!pairs && text && count == 0) { result.AddError("--text needs at least one picture."); }
            else if (!pairs && !text && count != 2) { result.AddError($"Give a picture and a text (there {(count == 1 ? "is 1 argument" : $"are {count} arguments")}), pictures and --text, or --pairs."); }
            if (result.GetValue(Csv) == "-" && result.GetValue(JsonLines) == "-") { result.AddError("--csv and --jsonl cannot both go to standard output."); }
        });
    }

    internal ClipScoreFormula ReadFormula(ParseResult parsed) => parsed.GetValue(Formula) == "torchmetrics" ? ClipScoreFormula.TorchMetrics : ClipScoreFormula.Paper;

    private static Option<string> NewFormula()
    {
        Option<string> formula = new("--formula")
        {
            Description = "paper: 2.5 max(cos, 0), texts after \"A photo depicts \" (Hessel et al. 2021); torchmetrics: 100 max(cos, 0), texts as they are.",
            DefaultValueFactory = _ => "paper",
        };
        formula.AcceptOnlyFromAmong("paper", "torchmetrics");
        return formula;
    }
}
