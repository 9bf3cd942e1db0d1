using System.Text;
using System.Text.Json;

namespace OpenVocab.Cli.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_and_version_go_to_standard_output()
    {
        (int help, string text, _) = await Run("--help");
        (int bare, string same, _) = await Run();
        (int version, string number, _) = await Run("--version");

        Assert.Equal((0, 0, 0), (help, bare, version));
        Assert.Equal(text, same);
        Assert.Contains("predict", text, StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+\.\d+", number);
    }

    [Theory, InlineData("predikt"), InlineData("predict"), InlineData("predict", "a.jpg", "--nothing"), InlineData("completion", "csh")]
    public async Task A_wrong_line_is_explained_on_standard_error_alone(params string[] arguments)
    {
        (int exitCode, string output, string error) = await Run(arguments);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port is \"abc\"; it must be a whole number", "serve", "--port", "abc"), InlineData("Port to listen on", "serve", "--port", "99999999999")]
    [InlineData("--segment is \"0,5\"; it must be a number, such as 0.5", "live", "a.mp4", "--segment", "0,5"), InlineData("--conf is \"0,5\"", "predict", "a.jpg", "--conf", "0,5")]
    [InlineData("There is no option --clases; did you mean --classes?", "live", "a.mp4", "--clases", "dog"), InlineData("There is no option --zzzzzzzz.", "live", "a.mp4", "--zzzzzzzz")]
    [InlineData("has an empty name", "live", "a.mp4", "--count-line", "=0,0,1,1"), InlineData("***@camera", "serve", "rtsp://me:geheim@camera/1")]
    [InlineData("\"büro\" cannot name a source; a name has 1 to 64 letters (A to Z, a to z), digits, - and _.", "live", "büro=a.mp4"), InlineData("\"\" cannot name a source", "live", "=a.mp4")]
    [InlineData("--segment is 0; a recording has between 0.017 minutes (1 second) and 1440", "live", "a.mp4", "--segment", "0")]
    public async Task A_wrong_value_is_named_in_our_own_words(string words, params string[] arguments)
    {
        (int exitCode, string output, string error) = await Run(arguments);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
        foreach (string foreign in (string[])["System.", "Parameter", "geheim"]) { Assert.DoesNotContain(foreign, error, StringComparison.Ordinal); }
    }

    [Theory, InlineData("de_DE.UTF-8"), InlineData("C")]
    public async Task A_number_meant_something_else_on_a_german_machine(string language)
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["live", "a.mp4", "--conf", "1.5"], environment: new() { ["LC_ALL"] = language, ["LANG"] = language });

        Assert.Contains("--conf is 1.5; it must lie between 0 and 1.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_reads_the_help_may_have_enough_of_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "needs bash");

        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunInShellAsync(_folder.Path, "set -o pipefail; $OPENVOCAB --help | true; exit $?");

        Assert.Contains(run.ExitCode, (int[])[0, 141]); // 0: the help was in the pipe before its reader went away
        Assert.Equal("", run.Error);
    }

    [Theory, InlineData("bash"), InlineData("zsh"), InlineData("fish")]
    public async Task Completion_prints_a_script(string shell)
    {
        (int exitCode, string output, _) = await Run("completion", shell);

        Assert.Equal(0, exitCode);
        Assert.Contains("[suggest:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_knows_what_completes_a_word()
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["[suggest:13]", "predict --cla"]);

        Assert.Equal(["--classes", "--classes-file"], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task Bash_completes_commands_and_options()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "needs bash");
        if (!OperatingSystem.IsLinux()) { return; } // for the analyzer
        OpenVocabProcess.Outcome script = await OpenVocabProcess.RunAsync(_folder.Path, ["completion", "bash"]);
        File.WriteAllText(_folder["openvocab"], $"#!/bin/bash\nexec dotnet '{typeof(CommandLine).Assembly.Location}' \"$@\"\n");
        File.SetUnixFileMode(_folder["openvocab"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string probe = $"{script.Output}\nPATH={_folder.Path}:$PATH; COMP_LINE='openvocab predict --cla'; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=(openvocab predict --cla); COMP_CWORD=2; _openvocab; printf '%s\\n' \"${{COMPREPLY[@]}}\"";

        using System.Diagnostics.Process bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", probe]) { RedirectStandardOutput = true })!;
        string completed = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["--classes", "--classes-file"], completed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task Doctor_finds_everything_in_order_here()
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["doctor", "--json"]);

        Assert.Equal(0, run.ExitCode);
        using JsonDocument checks = JsonDocument.Parse(run.Output);
        foreach (string name in new[] { "OpenCV", "ONNX Runtime", "model", "detection", "unicode", "fonts" })
        {
            Assert.Equal("ok", checks.RootElement.EnumerateArray().Single(check => check.GetProperty("name").GetString() == name).GetProperty("state").GetString());
        }
    }

    [Fact]
    public async Task Doctor_warns_where_ffmpeg_is_missing_and_says_how_to_get_it()
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["doctor"], environment: new() { ["PATH"] = _folder["nothing"] });

        Assert.Contains("apt-get install ffmpeg", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning ffmpeg", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokenize_writes_a_line_of_ids_for_every_line_of_text()
    {
        OpenVocabProcess.Outcome json = await OpenVocabProcess.RunAsync(_folder.Path, ["tokenize", "--json"], Encoding.UTF8.GetBytes("\"a person\"\n\"\"\n\"half \\ud83d pair\"\n\"\\\\ud800\"\n"));
        OpenVocabProcess.Outcome plain = await OpenVocabProcess.RunAsync(_folder.Path, ["tokenize"], Encoding.UTF8.GetBytes("a person\n"));

        Assert.Equal((0, 0), (json.ExitCode, plain.ExitCode));
        string[] lines = json.Output.TrimEnd().Split('\n');
        Assert.Equal(["[320,7251]", "[]"], lines[..2]);
        Assert.Equal(4, lines.Length);
        Assert.Equal("320 7251\n", plain.Output);
    }

    [Fact]
    public async Task Tokenize_names_the_line_that_is_no_json_and_the_file_that_is_no_tokenizer()
    {
        OpenVocabProcess.Outcome line = await OpenVocabProcess.RunAsync(_folder.Path, ["tokenize", "--json"], "\"a\"\nb\n"u8.ToArray());
        OpenVocabProcess.Outcome file = await OpenVocabProcess.RunAsync(_folder.Path, ["tokenize", "--tokenizer", RepositoryFiles.Get("README.md")], []);

        Assert.Equal((1, 1), (line.ExitCode, file.ExitCode));
        Assert.Contains("Line 2 of standard input is no JSON string", line.Error, StringComparison.Ordinal);
        Assert.Contains("this tokenizer cannot be read", file.Error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exitCode = await CommandLine.RunAsync(arguments, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
