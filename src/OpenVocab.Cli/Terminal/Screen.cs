using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>What people read goes to standard error, so that standard output carries data only. Colours and bars only where a terminal is.</summary>
internal static class Screen
{
    /// <summary>Long lines stay whole where nobody looks: a log is not 80 columns wide.</summary>
    private const int WidthOfLogs = 10_000;

    internal static IAnsiConsole Error { get; } = Create();

    /// <summary>True if a person watches.</summary>
    internal static bool IsTerminal => !Console.IsErrorRedirected;

    private static IAnsiConsole Create()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (!IsTerminal) { console.Profile.Width = WidthOfLogs; }
        return console;
    }
}
