using System.CommandLine;
using System.Text.Json;
using OpenVocab.Cli.Doctor;
using OpenVocab.Cli.Terminal;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab doctor</c>: looks whether everything is there, and says what to do.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Write the findings as JSON to standard output." };
        Command command = new("doctor", "Checks native libraries, ffmpeg, models, devices and folders, and says what to do.") { json };
        command.SetAction(parsed =>
        {
            List<Check> checks = [];
            foreach (Check check in Checks.All())
            {
                checks.Add(check);
                if (!parsed.GetValue(json)) { Print(check); }
            }
            if (parsed.GetValue(json)) { parsed.InvocationConfiguration.Output.WriteLine(ToJson(checks)); }
            return checks.Exists(check => check.State == CheckState.Failed) ? ExitCodes.SomeInputsFailed : ExitCodes.Success;
        });
        return command;
    }

    private static void Print(Check check)
    {
        string mark = check.State switch { CheckState.Ok => "[green]ok     [/]", CheckState.Warning => "[yellow]warning[/]", _ => "[red]FAILED [/]" };
        Screen.Error.MarkupLine($"{mark} {check.Name.PadRight(16).EscapeMarkup()} {check.Finding.EscapeMarkup()}");
        if (check.Remedy is { } remedy) { Screen.Error.MarkupLine($"{new string(' ', 24)} → {remedy.EscapeMarkup()}"); }
    }

    private static string ToJson(List<Check> checks) => JsonSerializer.Serialize(checks.Select(check => new
    {
        name = check.Name,
        state = check.State.ToString().ToLowerInvariant(),
        finding = check.Finding,
        remedy = check.Remedy,
    }));
}
