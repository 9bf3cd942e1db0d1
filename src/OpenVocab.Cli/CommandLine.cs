using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using OpenVocab.Cli.Commands;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Media;

namespace OpenVocab.Cli;

/// <summary>All commands, and what happens when one of them fails: the one place where errors become words and exit codes.</summary>
internal static class CommandLine
{
    internal static Option<bool> Verbose { get; } = new("--verbose") { Description = "On an error, show where in the program it happened.", Recursive = true };

    internal static RootCommand Create() => new("Finds things in pictures, videos and cameras that you name in words.")
    {
        Options = { Verbose },
        Subcommands = { PredictCommand.Create(), ClassifyCommand.Create(), ScoreCommand.Create(), LiveCommand.Create(), ServeCommand.Create(), SearchCommand.Create(), IndexCommand.Create(), AskCommand.Create(), TokenizeCommand.Create(), TrackCommand.Create(), ValCommand.Create(), BenchCommand.Create(), ModelsCommand.Create(), DoctorCommand.Create(), CompletionCommand.Create() },
    };

    /// <summary>Parses and runs. Standard output carries data only: what people read goes to <paramref name="error"/>.</summary>
    internal static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) => RunAsync(Create(), args, output, error);

    /// <summary>The same with other commands: tests bring some that meet a world of theirs.</summary>
    internal static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter output, TextWriter error)
    {
        // The bare name is how people ask what a program can do.
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        // Its own action would print the help to standard output, where data belong.
        string[] faults = [.. parsed.Action is null or ParseErrorAction || parsed.Action == parsed.CommandResult.Command.Action ? FaultsOf(parsed) : []];
        if (faults.Length > 0)
        {
            foreach (string fault in faults) { await error.WriteLineAsync($"error: {fault}"); }
            await error.WriteLineAsync($"  → openvocab {string.Concat(PathOf(parsed).Reverse())}--help shows what is possible.");
            return ExitCodes.Usage;
        }
        InvocationConfiguration configuration = new() { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
        using CancellationTokenSource hangup = new();
        // The terminal was closed: runs end as they do for SIGTERM, with their files finished.
        using PosixSignalRegistration closing = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            hangup.Cancel();
        });
        try { return await parsed.InvokeAsync(configuration, hangup.Token); }
        catch (OutputClosedException) { return ExitCodes.OutputClosed; }
        catch (Exception fault) when (ErrorMessage.For(fault) is { } message)
        {
            await error.WriteLineAsync($"error: {message.Text}");
            await error.WriteLineAsync($"  → {message.Remedy}");
            if (parsed.GetValue(Verbose)) { await error.WriteLineAsync(fault.ToString()); }
            return message.ExitCode;
        }
    }

    // What the parser repeats may be an address with a password.
    private static IEnumerable<string> FaultsOf(ParseResult parsed)
    {
        (OptionResult Option, string Fault)[] numbers = [.. OptionNumbers.FaultsOf(parsed)];
        IEnumerable<ParseError> others = parsed.Errors.Where(fault => !numbers.Any(number => fault.SymbolResult == number.Option || fault.SymbolResult?.Parent == number.Option));
        return numbers.Select(number => number.Fault).Concat(others.Select(fault => Ffmpeg.Redact(fault.Message)));
    }

    private static IEnumerable<string> PathOf(ParseResult parsed)
    {
        for (CommandResult? command = parsed.CommandResult; command?.Parent is CommandResult; command = command.Parent as CommandResult)
        {
            yield return command.Command.Name + " ";
        }
    }
}
