using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text;
using OpenVocab.Bundles;
using OpenVocab.Cli.Commands;
using OpenVocab.Models.Catalog;

namespace OpenVocab.Cli.Tests;

/// <summary>The command in this process, with a catalogue of its own and a server on loopback; and as a person runs it, where signals and proxies matter.</summary>
public sealed class ModelsPullCommandTests : IDisposable
{
    private static readonly byte[] s_file = RandomNumberGenerator.GetBytes(100_000);
    private static readonly string s_hash = Convert.ToHexStringLower(SHA256.HashData(s_file));

    private readonly TemporaryFolder _folder = new();
    private readonly List<(string Entry, string Weights, string? Others, bool Half)> _assembled = [];
    private string? _answer;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Licences_files_and_bundle_come_in_this_order()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);

        (int exitCode, string output, string error) = await Pull("tiny-detector", "--mirror", server.Address, "--accept-license", "--half");

        Assert.Equal((0, _folder["models/tiny-detector"] + Environment.NewLine), (exitCode, output));
        Assert.Equal(("tiny-detector", _folder["downloads/tiny-detector/tiny.pt"], _folder["downloads/tiny-clip"], true), Assert.Single(_assembled));
        Assert.Equal("new", File.ReadAllText(_folder["models/tiny-detector/bundle.json"]));
        Assert.Equal(["models/tiny-detector"], Directory.GetFileSystemEntries(_folder["models"]).Select(path => Path.GetRelativePath(_folder.Path, path)));
        Assert.Equal(["/tiny-detector/tiny.pt", "/tiny-clip/clip.bin", "/tiny-clip/vocab.json"], server.Requests.Select(request => request.Split(' ')[1]));
        Assert.StartsWith(
            """
            tiny-detector (Tiny detector) has the licence AGPL-3.0: https://example.org/agpl
            tiny-clip (Tiny CLIP) has the licence MIT: https://example.org/mit
            tiny-detector/tiny.pt: 0 % of 100.0 kB
            """.ReplaceLineEndings(), error, StringComparison.Ordinal);
        Assert.Contains("tiny-clip/vocab.json: 100.0 kB, done.", error, StringComparison.Ordinal);
        Assert.EndsWith($"tiny-detector is ready: give it to other commands with --model tiny-detector.{Environment.NewLine}", error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000), InlineData(null), InlineData(""), InlineData("n"), InlineData("maybe")]
    public async Task Nothing_is_fetched_before_the_licences_are_accepted(string? answer)
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);
        _answer = answer;

        (int exitCode, string output, string error) = await Pull("tiny-detector", "--mirror", server.Address);

        Assert.Equal((1, "", 0), (exitCode, output, server.Connections));
        Assert.Contains("https://example.org/agpl", error, StringComparison.Ordinal);
        Assert.Contains("The licences of tiny-detector and tiny-clip must be accepted", error, StringComparison.Ordinal);
        Assert.Contains("add --accept-license", error, StringComparison.Ordinal);
        Assert.Equal(answer is not null, error.Contains("[y/N]", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_person_may_say_yes()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);
        _answer = " Yes ";

        Assert.Equal(0, (await Pull("tiny-clip", "--mirror", server.Address)).ExitCode);

        Assert.Equal(("tiny-clip", null), (_assembled[0].Entry, _assembled[0].Others));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_hash_that_nobody_knows_is_told_even_to_those_who_want_it_quiet()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);

        string first = (await Pull("unknown", "--mirror", server.Address, "--accept-license", "--quiet")).Error;
        string second = (await Pull("unknown", "--mirror", server.Address, "--accept-license", "--quiet")).Error;

        Assert.Contains("WARNING: nobody has vouched for unknown/unknown.pt so far", first, StringComparison.Ordinal);
        Assert.Contains(s_hash, first, StringComparison.Ordinal);
        Assert.DoesNotContain("%", first, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", second, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000), InlineData("a file", "this is a file"), InlineData("a folder", "the folder holds photo.txt")]
    public async Task A_folder_of_somebody_else_is_left_alone_before_anything_is_fetched(string what, string words)
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);
        Directory.CreateDirectory(_folder["a folder"]);
        File.WriteAllText(_folder["a folder/photo.txt"], "");
        File.WriteAllText(_folder["a file"], "");

        (int exitCode, _, string error) = await Pull("tiny-clip", "--mirror", server.Address, "--accept-license", "-o", _folder[what]);

        Assert.Equal((1, 0), (exitCode, server.Connections));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("tiny-clop", "Did you mean tiny-clip?"), InlineData("--mirror", "weights", "must be an address such as"), InlineData("--mirror", "https://a/?b", "without ? and #")]
    public async Task A_wrong_line_is_explained(params string[] line)
    {
        (int exitCode, string output, string error) = await Pull(line.Length == 2 ? [line[0]] : ["tiny-clip", "--accept-license", line[0], line[1]]);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(line[^1], error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_list_tells_size_licence_and_what_has_been_pulled()
    {
        Directory.CreateDirectory(_folder["models/yolov8s-worldv2"]);
        File.WriteAllText(_folder["models/yolov8s-worldv2/bundle.json"], "{}");

        OpenVocabProcess.Outcome table = await Run("list"), json = await Run("list", "--json");

        Assert.Equal((0, "", 0, ""), (table.ExitCode, table.Error, json.ExitCode, json.Error));
        Assert.Matches(@"yolov8s-worldv2 +25\.9 MB +AGPL-3\.0\D* pulled +YOLO-World v2, small; needs clip-vit-b-32", table.Output);
        Assert.Matches(@"yolov8x-world +unknown +AGPL-3\.0\D* - +", table.Output);
        JsonElement row = JsonDocument.Parse(json.Output).RootElement.EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == "yolov8s-worldv2");
        Assert.Equal((25_923_032, false, _folder["models/yolov8s-worldv2"]), (row.GetProperty("bytes").GetInt64(), row.GetProperty("downloaded").GetBoolean(), row.GetProperty("bundle").GetString()!));
    }

    [Fact(Timeout = 60_000)]
    public async Task Control_C_leaves_a_beginning_that_the_next_run_goes_on_with()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs signals");
        await using FaultyFileServer server = new(new byte[25_923_032], FileFault.Stalls, FileFault.None);
        string[] line = ["models", "pull", "yolov8s-worldv2", "--accept-license", "--mirror", server.Address];
        ProcessStartInfo start = new("dotnet", [typeof(CommandLine).Assembly.Location, .. line]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OPENVOCAB_CACHE"] = _folder.Path;
        using Process process = Process.Start(start)!;
        await server.WaitForStallAsync(Stop);
        string said = "";
        while (await process.StandardError.ReadLineAsync(Stop) is { } text && !text.Contains("40 %", StringComparison.Ordinal)) { said += text; }

        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"])) { await process.WaitForExitAsync(Stop); }
        said += await process.StandardError.ReadToEndAsync(Stop);
        OpenVocabProcess.Outcome next = await OpenVocabProcess.RunAsync(_folder.Path, line, environment: new() { ["OPENVOCAB_CACHE"] = _folder.Path });

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("interrupted", said, StringComparison.Ordinal);
        Assert.Matches("Range: bytes=1[0-9]{7}-\r", server.Requests[1]);
        Assert.Equal(1, next.ExitCode); // zeros are not the weights
        Assert.Contains("the catalogue says 9b2c17ab6124", next.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_proxy_of_the_environment_is_asked()
    {
        await using FaultyFileServer proxy = new(s_file, FileFault.NotFound);

        OpenVocabProcess.Outcome done = await OpenVocabProcess.RunAsync(
            _folder.Path, ["models", "pull", "clip-vit-b-32", "--accept-license", "--mirror", "http://weights.invalid/a"],
            environment: new() { ["OPENVOCAB_CACHE"] = _folder.Path, ["http_proxy"] = proxy.Address, ["no_proxy"] = "", ["NO_PROXY"] = "" });

        Assert.Equal(1, done.ExitCode);
        Assert.StartsWith("GET http://weights.invalid/a/clip-vit-b-32/pytorch_model.bin ", Assert.Single(proxy.Requests), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Offline_says_what_to_copy()
    {
        OpenVocabProcess.Outcome done = await Run("pull", "clip-vit-b-32", "--offline", "--accept-license");

        Assert.Equal(1, done.ExitCode);
        Assert.Contains($"/pytorch_model.bin{Environment.NewLine}      to {_folder["downloads/clip-vit-b-32/pytorch_model.bin"]}", done.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_detector_that_was_fetched_becomes_a_bundle_with_its_text_encoder()
    {
        (string Entry, string Name, string From)[] files =
        [
            ("tiny-detector", "tiny.pt", Golden.Path("yolo-world", "tiny-worldv2.pt")), ("tiny-clip", "pytorch_model.bin", Golden.Path("clip", "tiny-hf", "pytorch_model.bin")),
            ("tiny-clip", "config.json", Golden.Path("clip", "tiny-hf", "config.json")),
        ];
        foreach ((string entry, string name, string from) in files)
        {
            Directory.CreateDirectory(_folder[$"downloads/{entry}"]);
            File.Copy(from, _folder[$"downloads/{entry}/{name}"]);
        }
        string Describe(string entry) => string.Join(", ", files.Where(file => file.Entry == entry).Select(file =>
            $"{{ \"name\": \"{file.Name}\", \"address\": \"https://publisher.invalid/{file.Name}\", \"bytes\": {new FileInfo(file.From).Length}, \"sha256\": \"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.From)))}\" }}"));
        ModelCatalog catalog = ModelCatalog.Parse(Encoding.UTF8.GetBytes($$"""
            { "entries": [
              { "name": "tiny-detector", "title": "Tiny", "kind": "detector", "license": { "name": "AGPL-3.0", "address": "https://example.org/agpl" }, "textEncoder": "tiny-clip", "files": [ {{Describe("tiny-detector")}} ] },
              { "name": "tiny-clip", "title": "Tiny CLIP", "kind": "text-image", "license": { "name": "MIT", "address": "https://example.org/mit" }, "files": [ {{Describe("tiny-clip")}} ] } ] }
            """), "test");
        RootCommand root = new("test") { Options = { CommandLine.Verbose }, Subcommands = { ModelsPullCommand.Create(new() { ReadCatalog = () => catalog, Download = new() { Folder = _folder["downloads"] }, Models = _folder["models"], ReadAnswer = null }) } };
        await using StringWriter output = new(), error = new();

        int exitCode = await CommandLine.RunAsync(root, ["pull", "tiny-detector", "--offline", "--accept-license"], output, error);

        Assert.True(exitCode == 0, error.ToString());
        ModelBundle bundle = ModelBundle.Open(_folder["models/tiny-detector"]);
        Assert.Equal("tiny-detector", bundle.Name);
        Assert.StartsWith("AGPL-3.0", bundle.License, StringComparison.Ordinal);
        Assert.NotNull(bundle.Find(BundleRoles.TextEncoder));
        using Detector detector = Detector.Load(bundle, new());
        Assert.Equal(20, detector.Vocabulary.Rows);
    }

    private Task<OpenVocabProcess.Outcome> Run(params string[] arguments) =>
        OpenVocabProcess.RunAsync(_folder.Path, ["models", .. arguments], environment: new() { ["OPENVOCAB_CACHE"] = _folder.Path });

    private async Task<(int ExitCode, string Output, string Error)> Pull(params string[] arguments)
    {
        RootCommand root = new("test")
        {
            Options = { CommandLine.Verbose },
            Subcommands =
            {
                ModelsPullCommand.Create(new()
                {
                    ReadCatalog = ReadCatalog,
                    Download = new() { Folder = _folder["downloads"] },
                    Models = _folder["models"],
                    ReadAnswer = _answer is null ? null : () => _answer,
                    Assemble = (entry, weights, others, folder, half) =>
                    {
                        _assembled.Add((entry.Name, weights, others, half));
                        Directory.CreateDirectory(folder);
                        File.WriteAllText(Path.Combine(folder, "bundle.json"), "new");
                        return new(folder, "tiny", [], []);
                    },
                }),
            },
        };
        await using StringWriter output = new(), error = new();
        int exitCode = await CommandLine.RunAsync(root, ["pull", .. arguments], output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static ModelCatalog ReadCatalog() => ModelCatalog.Parse(Encoding.UTF8.GetBytes($$"""
        { "entries": [
          { "name": "tiny-detector", "title": "Tiny detector", "kind": "detector", "license": { "name": "AGPL-3.0", "address": "https://example.org/agpl" }, "textEncoder": "tiny-clip",
            "files": [ { "name": "tiny.pt", "address": "https://publisher.invalid/tiny.pt", "bytes": 100000, "sha256": "{{s_hash}}" } ] },
          { "name": "tiny-clip", "title": "Tiny CLIP", "kind": "text-image", "license": { "name": "MIT", "address": "https://example.org/mit" },
            "files": [
              { "name": "clip.bin", "address": "https://publisher.invalid/clip.bin", "bytes": 100000, "sha256": "{{s_hash}}" },
              { "name": "vocab.json", "address": "https://publisher.invalid/vocab.json", "bytes": 100000, "sha256": "{{s_hash}}" } ] },
          { "name": "unknown", "title": "Unknown", "kind": "text-image", "license": { "name": "MIT", "address": "https://example.org/mit" },
            "files": [ { "name": "unknown.pt", "address": "https://publisher.invalid/unknown.pt", "bytes": null, "sha256": null } ] } ] }
        """), "test");
}
