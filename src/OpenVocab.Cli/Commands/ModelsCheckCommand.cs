using System.CommandLine;
using System.Text.Json;
using OpenVocab.Cli.Checking;
using OpenVocab.Cli.Terminal;
using OpenVocab.Models;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab models check</c>: what a model is, whether it works, and what is wrong with it.</summary>
internal static class ModelsCheckCommand
{
    private const int MostNames = 20, Column = 10;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    internal static Command Create()
    {
        Argument<string> path = new("model") { Description = "An ONNX file, the folder of a bundle, a checkpoint, or the name of a model that was pulled." };
        Option<bool> json = new("--json") { Description = "Write the findings as JSON to standard output." };
        Command command = new("check", "Says what a model is, its inputs and outputs by role, its classes, its hash, whether a trial run works, and what is wrong.") { path, json };
        command.SetAction(parsed =>
        {
            ModelFindings found = ModelCheck.Check(PulledModels.Resolve(parsed.GetRequiredValue(path)));
            if (parsed.GetValue(json)) { parsed.InvocationConfiguration.Output.WriteLine(ToJson(found)); }
            else { Print(found); }
            return found.IsUsable ? ExitCodes.Success : ExitCodes.Usage;
        });
        return command;
    }

    private static void Print(ModelFindings found)
    {
        Say($"{found.Path}: {found.Kind}");
        foreach (TensorFinding input in found.Inputs) { Say("input", $"{Of(input)}: {input.Role}"); }
        foreach (TensorFinding output in found.Outputs) { Say("output", $"{Of(output)}: {output.Role}"); }
        foreach ((string name, string value) in found.Details) { Say(name, value); }
        if (found.Classes.Count > 0) { Say("classes", $"{found.Classes.Count}: {string.Join(", ", found.Classes.Take(MostNames))}{(found.Classes.Count > MostNames ? " …" : "")}"); }
        if (found.Sha256 is { } hash) { Say("sha-256", hash); }
        if (found.TrialMilliseconds is { } milliseconds) { Say("trial run", Invariant($"works: {milliseconds:0.0} ms a frame on the processor")); }
        foreach (string note in found.Notes) { Say("note", note); }
        foreach (Problem problem in found.Problems)
        {
            Say("problem", problem.Text);
            Say("", $"→ {problem.Remedy}");
        }
        if (found.IsUsable) { Say("problems", "none"); }
    }

    private static string Of(TensorFinding tensor) => $"{tensor.Name} {tensor.Type} [{string.Join(", ", tensor.Shape.Select(side => side < 0 ? "?" : Invariant($"{side}")))}]";

    private static void Say(string name, string text) => Say($"  {name.PadRight(Column)} {text}");

    private static void Say(string line) => Screen.Error.WriteLine(line);

    private static string ToJson(ModelFindings found) => JsonSerializer.Serialize(
        new
        {
            path = found.Path,
            kind = found.Kind,
            usable = found.IsUsable,
            inputs = found.Inputs.Select(ToJson),
            outputs = found.Outputs.Select(ToJson),
            details = found.Details.ToDictionary(detail => detail.Name, detail => detail.Value),
            classCount = found.Classes.Count,
            classes = found.Classes,
            sha256 = found.Sha256,
            trialMilliseconds = found.TrialMilliseconds,
            notes = found.Notes,
            problems = found.Problems.Select(problem => new { problem = problem.Text, remedy = problem.Remedy }),
        },
        s_json);

    private static object ToJson(TensorFinding tensor) => new { name = tensor.Name, role = tensor.Role, type = tensor.Type, shape = tensor.Shape };
}
