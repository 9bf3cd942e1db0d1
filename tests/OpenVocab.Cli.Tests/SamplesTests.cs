using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenVocab.Models;

namespace OpenVocab.Cli.Tests;

/// <summary>The samples run, and the code in the documents is theirs, to the letter: so it compiles.</summary>
public sealed partial class SamplesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_picture_is_annotated()
    {
        string output = await Run("01-picture", "", Media("dogs.jpg"));

        Assert.Matches(@"^dog 0\.\d\d \(\d", output);
        Assert.True(new FileInfo(_folder["picture.annotated.jpg"]).Length > 10_000);
    }

    [Fact]
    public async Task A_video_is_annotated()
    {
        Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");
        string clip = TestVideos.Make(_folder["clip.mp4"], ["-i", Media("pedestrians.mp4")], "-frames:v", "30");

        string output = await Run("02-video", "", clip);

        Assert.Matches(@"^30 frames, \d+ person", output);
        Assert.Equal("h264,30", TestVideos.Probe(_folder["video.annotated.mp4"], "stream=codec_name,nb_frames"));
        Assert.Equal(30, File.ReadLines(_folder["video.jsonl"]).Count());
    }

    [Fact]
    public async Task Words_are_changed_while_a_video_runs_and_no_frame_is_lost()
    {
        string output = await Run("03-change-words", "car, truck:0.4\n\n", Media("pedestrians.mp4"));

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(200, lines.Length);
        string[] last = [.. Classes(lines[^1])];
        Assert.DoesNotContain("person", last);
        Assert.Contains(last, name => name is "car" or "truck");
    }

    [Fact]
    public async Task A_source_is_followed_and_counted()
    {
        string output = await Run("04-live", "", Media("pedestrians.mp4"));
        Assert.Contains("\"trackId\":", output, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"path\"", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_of_ones_own_serves_streams()
    {
        using Process server = Start("05-server", "--urls", "http://127.0.0.1:0", "--source", Media("pedestrians.mp4"));
        try
        {
            string line = "";
            while (!line.Contains("listening on", StringComparison.Ordinal)) { line = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("it ended"); }
            using HttpClient client = new() { BaseAddress = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..].Trim()) };
            Assert.Equal("[\"person\",\"car\"]", await client.GetStringAsync("/words", TestContext.Current.CancellationToken));
            Assert.Contains("\"id\":\"street\"", await client.GetStringAsync("/v1/streams", TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Contains("<title>OpenVocab</title>", await client.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally { server.Kill(entireProcessTree: true); }
    }

    [Fact]
    public async Task A_checkpoint_becomes_a_detector()
    {
        string output = await Run("06-bring-a-model", "", Golden.Path("yolo-world", "tiny-worldv2.pt"), RepositoryFiles.Get("models", "default"));

        Assert.StartsWith("YOLO-World v2", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["my-detector/bundle.json"]));
    }

    [Fact]
    public async Task A_detector_is_measured()
    {
        string output = await Run("07-evaluation", "", Media("labels.json"));

        Assert.Matches(@"^AP 0\.\d{3}, AP50 0\.\d{3}, AR100 0\.\d{3}\nperson: 11 boxes, AP50 0\.9", output);
    }

    [Fact]
    public async Task Pictures_are_compared_with_labels_and_a_caption()
    {
        ModelImporter.Import(TinyClip.Weights, _folder["clip"], new() { Tokenizer = TinyClip.WriteTokenizer(_folder["tokenizer"]) });

        string output = await Run("08-classify", "", _folder["clip"], Media("dogs.jpg"), Media("cat.jpg"));

        Assert.Matches(@"^dogs\.jpg: (dog|cat|red car) \d+\s?%\ncat\.jpg: (dog|cat|red car) \d+\s?%\n", output);
        Assert.Equal(2, output.Split('\n').Count(line => line.EndsWith(" for \"two dogs on a meadow\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_folder_is_searched()
    {
        ModelImporter.Import(TinyClip.Weights, _folder["clip"], new() { Tokenizer = TinyClip.WriteTokenizer(_folder["tokenizer"]) });

        string output = await Run("09-search", "", _folder["clip"], RepositoryFiles.Get("samples", "media"), Media("cat.jpg"));

        Assert.Matches(@"^13 new, 0 changed, 0 gone, 0 unreadable\n(-?0\.\d{3} [\w-]+\.jpg\n){6}$", output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_video_is_asked()
    {
        string output = await Run("10-ask", "", Media("pedestrians.mp4"));

        Assert.Matches(@"^200 frames, \d+ things, 0 unchanged\n(person \d+\s?%: 0:00:\d\d to 0:00:\d\d, best at 0:00:\d\d in \(\d.*\)\n){5}$", output.ReplaceLineEndings("\n"));
    }

    [Theory, InlineData("README.md"), InlineData("docs/evaluation.md"), InlineData("docs/live.md"), InlineData("docs/server.md"), InlineData("docs/models.md"), InlineData("docs/clip.md"), InlineData("docs/search.md"), InlineData("docs/ask.md")]
    public void Code_in_the_documents_is_that_of_the_samples(string document)
    {
        string[] samples = [.. Directory.GetDirectories(RepositoryFiles.Get("samples"), "*-*").Select(folder => File.ReadAllText(Path.Combine(folder, "Program.cs")).Trim())];
        string[] blocks = [.. CodeBlock().Matches(File.ReadAllText(RepositoryFiles.Get(document))).Select(match => match.Groups[1].Value.Trim())];

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(block, samples));
        if (document == "README.md") { Assert.InRange(blocks[0].Split('\n').Length, 1, 12); }
    }

    private static IEnumerable<string> Classes(string line)
    {
        using JsonDocument parsed = JsonDocument.Parse(line);
        return [.. parsed.RootElement.GetProperty("detections").EnumerateArray().Select(found => found.GetProperty("class").GetString()!)];
    }

    private Process Start(string sample, params string[] arguments)
    {
        // artifacts/bin/<this project>/<configuration>/ → artifacts/bin/<sample>/<configuration>/
        DirectoryInfo own = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(own.Parent!.Parent!.FullName, sample, own.Name, sample + ".dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    private async Task<string> Run(string sample, string input, params string[] arguments)
    {
        using Process process = Start(sample, arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private static string Media(string name) => RepositoryFiles.Get("samples", "media", name);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
