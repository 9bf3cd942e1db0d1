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

    [Fact(Timeout = 60_000)]
    public async Task The_server_says_where_its_page_is_and_ends_when_asked()
    {
        using Process serve = Start("serve", "--source", s_video, "--port", "0", "--classes", "person", "--imgsz", "320");
        string line = "";
        while (!line.Contains("The page is at ", StringComparison.Ordinal)) { line = await serve.StandardError.ReadLineAsync(Stop) ?? throw new InvalidOperationException("it ended"); }
        Uri page = new(System.Text.RegularExpressions.Regex.Match(line, @"http://\S+").Value);
        using HttpClient client = new() { BaseAddress = page };
        Assert.Contains("<title>OpenVocab</title>", await client.GetStringAsync("/", Stop), StringComparison.Ordinal);
        Assert.Contains("\"id\":\"pedestrians\"", await client.GetStringAsync("/v1/streams", Stop), StringComparison.Ordinal);
        Task<string> rest = serve.StandardError.ReadToEndAsync(Stop);
        await StopAsync(serve);
        await rest;
        Assert.Equal(0, serve.ExitCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--host", "0.0.0.0", "needs a token"), InlineData("--port", "70000", "--port is 70000"), InlineData("--source", "/nothing.mp4", "there is no such file")]
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

    private static async Task StopAsync(Process process)
    {
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
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
