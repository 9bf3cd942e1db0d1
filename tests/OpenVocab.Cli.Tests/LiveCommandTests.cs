using System.Diagnostics;
using System.Text.Json;

namespace OpenVocab.Cli.Tests;

/// <summary><c>openvocab live</c> as a person runs it: a process, its three streams, commands that are typed while it runs.</summary>
public sealed class LiveCommandTests : IDisposable
{
    private static readonly string s_video = RepositoryFiles.Get("samples", "media", "pedestrians.mp4");
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Words_change_from_standard_input_and_every_frame_is_accounted_for()
    {
        using Process live = Start("live", $"street={s_video}", "--classes", "person", "--imgsz", "320", "--track", "--zone", "yard=0,0,768,0,768,576,0,576");
        Task<string> errors = live.StandardError.ReadToEndAsync(Stop);
        await ReadUntilAsync(live, line => line.Contains("\"trackId\":", StringComparison.Ordinal));
        await live.StandardInput.WriteLineAsync("/classes human, van:0.3");
        string changed = await ReadUntilAsync(live, line => line.Contains("\"class\":\"human\"", StringComparison.Ordinal));
        Assert.DoesNotContain("person\"", changed.Split("\"counts\"")[0], StringComparison.Ordinal);
        await live.StandardInput.WriteLineAsync("/nonsense");
        await live.StandardInput.WriteLineAsync("/quit");
        await live.StandardOutput.ReadToEndAsync(Stop);
        await live.WaitForExitAsync(Stop);
        string said = await errors;

        Assert.Equal(0, live.ExitCode);
        using JsonDocument first = JsonDocument.Parse(changed);
        Assert.Equal("street", first.RootElement.GetProperty("source").GetString());
        Assert.True(first.RootElement.TryGetProperty("at", out _));
        Assert.Contains("Looking for human, van:0.3, in force after", said, StringComparison.Ordinal);
        Assert.Matches(@"street: the first frame with the new words came \d+ ms after they were asked for\.", said);
        Assert.Contains("\"/nonsense\" is no command", said, StringComparison.Ordinal);
        System.Text.RegularExpressions.Match counts = System.Text.RegularExpressions.Regex.Match(said, @"street: (\d+) frames read = (\d+) emitted \+ (\d+) dropped \+ (\d+) failed");
        long[] numbers = [.. Enumerable.Range(1, 4).Select(i => long.Parse(counts.Groups[i].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.True(numbers[0] > 1);
        Assert.Equal(numbers[0], numbers[1] + numbers[2] + numbers[3]);
        Assert.Matches(@"street, yard: person: \d+ in", said);
    }

    [Fact(Timeout = 60_000)]
    public async Task Recordings_roll_and_the_oldest_go()
    {
        using Process live = Start("live", s_video, "--classes", "person", "--imgsz", "320", "--record", _folder["rec"], "--segment", "0.02", "--keep", "2", "--quiet");
        Task<string> errors = live.StandardError.ReadToEndAsync(Stop);
        HashSet<string> seen = [];
        for (int tries = 0; tries < 400 && seen.Count < 4; tries++)
        {
            await Task.Delay(50, Stop);
            if (Directory.Exists(_folder["rec"])) { seen.UnionWith(Directory.GetFiles(_folder["rec"], "*.mp4")); }
        }
        live.StandardInput.Close();
        await StopAsync(live);
        Assert.Equal(130, live.ExitCode);
        string[] left = Directory.GetFiles(_folder["rec"]);
        Assert.Equal(2, left.Length);
        Assert.All(left, path => Assert.StartsWith("h264", TestVideos.Probe(path, "stream=codec_name"), StringComparison.Ordinal));
        Assert.True(seen.Count >= 4, $"{seen.Count} recordings; {await errors}");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_camera_that_goes_away_is_told_and_comes_back_and_shows_no_password()
    {
        byte[] stream = await File.ReadAllBytesAsync(TestVideos.Make(_folder["v.ts"], null, "-c:v", "libx264", "-g", "5", "-bf", "0", "-pix_fmt", "yuv420p"), Stop);
        await using FaultyStreamServer camera = new(stream, StreamFault.HalfThenStall, StreamFault.None);
        using Process live = Start("live", camera.Address.Replace("http://", "http://me:geheim@", StringComparison.Ordinal), "--classes", "person", "--imgsz", "320", "--frame-timeout", "1", "--max-retries", "0", "--jsonl", "-");
        Task<string> errors = live.StandardError.ReadToEndAsync(Stop), output = live.StandardOutput.ReadToEndAsync(Stop);
        await live.WaitForExitAsync(Stop);
        string said = await errors;
        Assert.Equal(2, live.ExitCode);
        Assert.Contains("stream: given up: no frame for 1 s", said, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", said + await output, StringComparison.Ordinal);
        Assert.Matches(@"stream: \d+ frames read = ", said);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("no live source", "dogs.jpg"), InlineData("there is no such file", "nothing.mp4"), InlineData("addresses of this kind", "gopher://x")]
    public async Task What_cannot_be_watched_is_named_at_once(string words, string source)
    {
        string path = source.Contains("://", StringComparison.Ordinal) ? source : RepositoryFiles.Get("samples", "media", source);
        OpenVocabProcess.Outcome done = await OpenVocabProcess.RunAsync(_folder.Path, ["live", path]);
        Assert.Equal(2, done.ExitCode);
        Assert.Contains(words, done.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--segment", "0", "--segment is 0"), InlineData("--frame-timeout", "0", "--frame-timeout is 0"), InlineData("--webhook", "ftp://x", "no address for a webhook"), InlineData("--mqtt", "x", "no address of an MQTT broker")]
    public async Task Wrong_options_are_named_with_their_bounds(string option, string value, string words)
    {
        OpenVocabProcess.Outcome done = await OpenVocabProcess.RunAsync(_folder.Path, ["live", s_video, option, value]);
        Assert.Equal(1, done.ExitCode);
        Assert.Contains(words, done.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000), InlineData("live", "s.mp4"), InlineData("live", "hard.mp4"), InlineData("live", "soft.mp4"), InlineData("predict", "hard.mp4")]
    public async Task Lines_were_added_to_the_source_itself(string command, string lines)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs links");
        File.Copy(s_video, _folder["s.mp4"]);
        File.CreateSymbolicLink(_folder["soft.mp4"], _folder["s.mp4"]);
        using (Process link = Process.Start("ln", [_folder["s.mp4"], _folder["hard.mp4"]])) { await link.WaitForExitAsync(Stop); }

        OpenVocabProcess.Outcome done = await OpenVocabProcess.RunAsync(_folder.Path, [command, "s.mp4", "--jsonl", lines]);

        Assert.Equal(1, done.ExitCode);
        Assert.Contains($"{lines}: the JSON lines would be written into the source s.mp4.", done.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(s_video), File.ReadAllBytes(_folder["s.mp4"]));
    }

    [Theory(Timeout = 60_000), InlineData("s.txt"), InlineData("s.txt/below"), InlineData("/proc/nothing")]
    public async Task Recordings_into_an_impossible_place_failed_only_with_the_first_frame(string place)
    {
        File.WriteAllText(_folder["s.txt"], "");

        OpenVocabProcess.Outcome done = await OpenVocabProcess.RunAsync(_folder.Path, ["live", s_video, "--record", place]);

        Assert.Equal(1, done.ExitCode);
        Assert.StartsWith($"error: {place}: nothing can be written into this folder: ", done.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000), InlineData("live", "-q"), InlineData("predict", "-q")]
    public async Task A_reader_that_had_enough_did_not_end_the_run(string command, string quiet)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "needs bash");

        OpenVocabProcess.Outcome done = await OpenVocabProcess.RunInShellAsync(
            _folder.Path, $"$OPENVOCAB {command} '{s_video}' --classes person --imgsz 320 --jsonl - {quiet} | head -2; exit ${{PIPESTATUS[0]}}");

        Assert.Equal((141, ""), (done.ExitCode, done.Error));
        Assert.Equal(2, done.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory(Timeout = 60_000), InlineData("--jsonl /dev/full"), InlineData("--jsonl - > /dev/full")]
    public async Task A_full_disk_was_reported_twice_and_as_a_fault_of_openvocab(string output)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");

        OpenVocabProcess.Outcome done = await OpenVocabProcess.RunInShellAsync(_folder.Path, $"$OPENVOCAB live one='{s_video}' two='{s_video}' --classes person --imgsz 320 -q {output}");

        Assert.Equal(1, done.ExitCode);
        Assert.Contains("No space left on device", Assert.Single(done.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("fault of openvocab", done.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Lines_and_messages_of_one_file_stood_over_each_other()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "needs bash");

        await OpenVocabProcess.RunInShellAsync(_folder.Path, $"{{ echo before; $OPENVOCAB predict '{RepositoryFiles.Get("samples", "media", "cat.jpg")}' --classes cat --jsonl -; echo after; }} > log 2>&1");

        string[] lines = File.ReadAllLines(_folder["log"]);
        Assert.Equal(("before", "after"), (lines[0], lines[^1]));
        Assert.Single(lines, line => line.StartsWith("{\"source\":", StringComparison.Ordinal) && line.EndsWith('}'));
        Assert.Single(lines, line => line.StartsWith("Done: 1 frame", StringComparison.Ordinal));
    }

    /// <summary>The terminal was closed: nothing can be written to it any more either.</summary>
    [Theory(Timeout = 60_000), InlineData("live", 130), InlineData("predict", 130)]
    public async Task A_closed_terminal_left_recordings_without_an_end(string command, int exitCode)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        string output = command == "live" ? "--record rec --jsonl lines" : "--save-dir rec --format annotated --jsonl lines";
        ProcessStartInfo start = new("bash", ["-c", $"exec dotnet '{typeof(CommandLine).Assembly.Location}' {command} '{s_video}' --classes person {output} 2> /dev/full"]) { WorkingDirectory = _folder.Path, RedirectStandardInput = true };
        start.Environment.Remove("DISPLAY");
        using Process process = Process.Start(start)!;
        for (int tries = 0; tries < 400 && !(Directory.Exists(_folder["rec"]) && Directory.EnumerateFiles(_folder["rec"], ".*.part.mp4").Any(path => new FileInfo(path).Length > 0)); tries++) { await Task.Delay(50, Stop); }
        await StopAsync(process, "HUP");

        Assert.Equal(exitCode, process.ExitCode);
        Assert.StartsWith("h264", TestVideos.Probe(Assert.Single(Directory.GetFiles(_folder["rec"])), "stream=codec_name"), StringComparison.Ordinal);
    }

    /// <summary>The list of processes shows the line as it was typed: an address with a password goes into a file.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_file_of_arguments_keeps_an_address_out_of_the_list_of_processes()
    {
        Assert.SkipUnless(File.Exists("/proc/self/cmdline"), "needs /proc");
        byte[] stream = await File.ReadAllBytesAsync(TestVideos.Make(_folder["v.ts"], null, "-c:v", "libx264", "-g", "5", "-bf", "0", "-pix_fmt", "yuv420p"), Stop);
        await using FaultyStreamServer camera = new(stream, StreamFault.Endless);
        File.WriteAllText(_folder["camera.txt"], $"# the door\ndoor={camera.Address.Replace("http://", "http://me:geheim@", StringComparison.Ordinal)}\n\n--classes \"person, dog\"\n");
        using Process live = Start("live", $"@{_folder["camera.txt"]}", "--imgsz", "320", "--jsonl", "-");
        Task<string> errors = live.StandardError.ReadToEndAsync(Stop);

        string line = await ReadUntilAsync(live, _ => true);
        Assert.StartsWith("{\"source\":\"door\"", line, StringComparison.Ordinal);
        foreach (string process in Directory.GetDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit)))
        {
            try { Assert.DoesNotContain("geheim", await File.ReadAllTextAsync(Path.Combine(process, "cmdline"), Stop), StringComparison.Ordinal); }
            catch (IOException) { } // it has ended
            catch (UnauthorizedAccessException) { }
        }
        Task<string> rest = live.StandardOutput.ReadToEndAsync(Stop);
        await StopAsync(live);
        Assert.DoesNotContain("geheim", line + await rest + await errors, StringComparison.Ordinal);
        Assert.Contains("Looking for person, dog", await errors, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000), InlineData("INT"), InlineData("TERM"), InlineData("HUP")]
    public async Task The_server_says_where_its_page_is_and_ends_when_asked(string signal)
    {
        using Process serve = Start("serve", "--source", s_video, "--port", "0", "--classes", "person", "--imgsz", "320");
        string line = "";
        while (!line.Contains("The page is at ", StringComparison.Ordinal)) { line = await serve.StandardError.ReadLineAsync(Stop) ?? throw new InvalidOperationException("it ended"); }
        Uri page = new(System.Text.RegularExpressions.Regex.Match(line, @"http://\S+").Value);
        using HttpClient client = new() { BaseAddress = page };
        Assert.Contains("<title>OpenVocab</title>", await client.GetStringAsync("/", Stop), StringComparison.Ordinal);
        Assert.Contains("\"id\":\"pedestrians\"", await client.GetStringAsync("/v1/streams", Stop), StringComparison.Ordinal);
        Task<string> rest = serve.StandardError.ReadToEndAsync(Stop);
        await StopAsync(serve, signal);
        await rest;
        Assert.Equal(0, serve.ExitCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--host", "0.0.0.0", "needs a token"), InlineData("--port", "70000", "--port is 70000"), InlineData("--source", "/nothing.mp4", "there is no such file"),
     InlineData("--allow-origin", "nonsense", "\"nonsense\" is no origin; write scheme://host")]
    public async Task A_server_that_cannot_start_says_why(string option, string value, string words)
    {
        OpenVocabProcess.Outcome done = await OpenVocabProcess.RunAsync(_folder.Path, ["serve", option, value]);
        Assert.NotEqual(0, done.ExitCode);
        Assert.DoesNotContain("   at ", done.Error, StringComparison.Ordinal);
        Assert.Contains(words, done.Error, StringComparison.Ordinal);
    }

    private static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("DISPLAY");
        return Process.Start(start)!;
    }

    private static async Task StopAsync(Process process, string signal = "INT")
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await process.WaitForExitAsync(Stop);
    }

    private static async Task<string> ReadUntilAsync(Process process, Func<string, bool> fits)
    {
        while (await process.StandardOutput.ReadLineAsync(Stop) is { } line)
        {
            if (fits(line)) { return line; }
        }
        throw new InvalidOperationException("it ended before it said so");
    }
}
