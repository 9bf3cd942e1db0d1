using System.Diagnostics;

namespace OpenVocab.Cli.Tests;

/// <summary>Runs the tool as a person does: a process of its own, its three streams, its exit code.</summary>
internal static class OpenVocabProcess
{
    internal sealed record Outcome(int ExitCode, string Output, string Error);

    internal static Task<Outcome> RunAsync(string folder, string[] arguments, byte[]? input = null, Dictionary<string, string>? environment = null) =>
        RunProgramAsync(folder, "dotnet", [typeof(CommandLine).Assembly.Location, .. arguments], input, environment);

    /// <summary>Runs a line of bash, in which <c>$OPENVOCAB</c> is the tool: with pipes and redirections, as people write them.</summary>
    internal static Task<Outcome> RunInShellAsync(string folder, string line) =>
        RunProgramAsync(folder, "bash", ["-c", line], null, new() { ["OPENVOCAB"] = $"dotnet {typeof(CommandLine).Assembly.Location}" });

    private static async Task<Outcome> RunProgramAsync(string folder, string program, string[] arguments, byte[]? input, Dictionary<string, string>? environment)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? []) { start.Environment[name] = value; }
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (input is not null) { await process.StandardInput.BaseStream.WriteAsync(input); }
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await error);
    }
}
