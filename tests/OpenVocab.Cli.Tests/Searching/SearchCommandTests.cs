using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenCvSharp;
using OpenVocab.Cli.Tests.Comparing;
using OpenVocab.Search;

namespace OpenVocab.Cli.Tests.Searching;

/// <summary>The tiny CLIP knows nothing of the world; that a picture is nearest to itself, and the arithmetic, hold all the same.</summary>
public sealed partial class SearchCommandTests : IClassFixture<ClipFolder>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _clip;

    public SearchCommandTests(ClipFolder clip)
    {
        _clip = clip["clip"];
        Directory.CreateDirectory(_folder["photos/pets"]);
        foreach (string name in (string[])["dogs.jpg", "cat.jpg"]) { File.Copy(RepositoryFiles.Get("samples", "media", name), _folder[$"photos/pets/{name}"]); }
        File.Copy(RepositoryFiles.Get("samples", "media", "coffee.jpg"), _folder["photos/coffee.jpg"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_is_indexed_once_and_asked_by_words_and_pictures()
    {
        OpenVocabProcess.Outcome first = await Run("search", "index", "photos", "-o", "photos.index", "--model", _clip), second = await Run("search", "index", "photos", "-o", "photos.index", "--model", _clip);
        OpenVocabProcess.Outcome words = await Run("search", "query", "a dog on a beach", "--index", "photos.index", "--top", "2", "--jsonl", "-");
        OpenVocabProcess.Outcome like = await Run("search", "query", "--like", "photos/pets/cat.jpg", "--index", "photos.index", "--jsonl", "out/hits.jsonl", "-q");

        Assert.Equal((0, 0, 0, 0), (first.ExitCode, second.ExitCode, words.ExitCode, like.ExitCode));
        Assert.Contains("3 new, 0 changed, 0 gone, 0 unchanged", first.Error, StringComparison.Ordinal);
        Assert.Contains("0 new, 0 changed, 0 gone, 3 unchanged", second.Error, StringComparison.Ordinal);
        JsonNode[] hits = Lines(words.Output);
        Assert.Equal([1, 2], hits.Select(hit => (int)hit["rank"]!));
        Assert.True((double)hits[0]["score"]! >= (double)hits[1]["score"]!);
        Assert.All(hits, hit => Assert.Equal(_folder[$"photos/{hit["name"]}"], (string)hit["path"]!));
        Assert.Contains("score", words.Error, StringComparison.Ordinal);
        JsonNode[] alike = Lines(File.ReadAllText(_folder["out/hits.jsonl"]));
        Assert.Equal("pets/cat.jpg", (string)alike[0]["name"]!);
        Assert.Equal(1, (double)alike[0]["score"]!, 0.001);
        Assert.Equal("", like.Error);
    }

    [Fact]
    public async Task What_is_added_and_what_is_not_wanted_counts_as_in_the_library()
    {
        await Run("search", "index", "photos", "-o", "photos.index", "--model", _clip);

        OpenVocabProcess.Outcome run = await Run("search", "query", "a dog", "--and", "a beach", "--like", "photos/coffee.jpg", "--not", "people", "--index", "photos.index", "--jsonl", "-");

        using Clip.ClipImageEncoder encoder = Clip.ClipImageEncoder.Load(_clip);
        using ImageIndex index = ImageIndex.Open(_folder["photos.index"], new ClipEmbedder(encoder));
        using Mat coffee = Imaging.ImageFile.Read(_folder["photos/coffee.jpg"]);
        IReadOnlyList<ImageHit> wanted = index.Query(new ImageQuery("a dog").And("a beach").And(coffee).Not("people"));
        Assert.Equal(wanted.Select(hit => (hit.Name, Math.Round(hit.Score, 4))), Lines(run.Output).Select(hit => ((string)hit["name"]!, Math.Round((float)hit["score"]!, 4))));
    }

    [Fact]
    public async Task A_sheet_and_a_page_show_the_pictures_and_no_name_writes_into_the_page()
    {
        const string Evil = "a<script>alert(1)</script>\" onload=\"x&.jpg";
        File.Move(_folder["photos/coffee.jpg"], _folder["photos/" + Evil.Replace("/", "", StringComparison.Ordinal)]);
        await Run("search", "index", "photos", "-o", "photos.index", "--model", _clip);

        OpenVocabProcess.Outcome run = await Run("search", "query", "<img src=x onerror=alert(1)> dogs", "--index", "photos.index", "--sheet", "sheet.png", "--html", "page.html");

        Assert.Equal(0, run.ExitCode);
        using Mat sheet = Cv2.ImDecode(File.ReadAllBytes(_folder["sheet.png"]), ImreadModes.Color);
        Assert.Equal((3 * 268 + 12, 44 + 244 + 12), (sheet.Width, sheet.Height));
        string page = File.ReadAllText(_folder["page.html"]);
        Assert.Equal(3, Thumbnails().Count(page));
        Assert.All(Thumbnails().Matches(page), match =>
        {
            using Mat small = Cv2.ImDecode(Convert.FromBase64String(match.Groups[1].Value), ImreadModes.Color);
            Assert.True(small.Width is > 100 and <= 320 && small.Height is > 100 and <= 240);
        });
        // All tags of the page are ours, and each of them has our attributes only.
        string rest = Thumbnails().Replace(page, "");
        Assert.Equal(["!DOCTYPE", "a", "b", "body", "figcaption", "figure", "h1", "head", "html", "img", "main", "meta", "p", "style", "title"], Tags().Matches(rest).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(" onload=\"", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("onerror=alert(1)>", rest, StringComparison.Ordinal);
        Assert.Contains("<h1>&lt;img src=x onerror=alert(1)&gt; dogs</h1>", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_that_cannot_be_read_are_named_and_the_others_are_indexed()
    {
        File.WriteAllBytes(_folder["photos/cut.jpg"], File.ReadAllBytes(_folder["photos/coffee.jpg"])[..5000]);

        OpenVocabProcess.Outcome first = await Run("search", "index", "photos", "-o", "photos.index", "--model", _clip, "-q"), second = await Run("search", "index", "photos", "-o", "photos.index", "--model", _clip);

        Assert.Equal((2, 0), (first.ExitCode, second.ExitCode));
        Assert.Equal($"warning: {_folder["photos/cut.jpg"]}: this JPEG cannot be decoded: it is cut off: its end is missing.", first.Error.Trim());
        Assert.Contains("notice: 1 picture could not be read in an earlier run and has not changed since.", second.Error, StringComparison.Ordinal);
        Assert.Equal(3, ImageIndex.Describe(_folder["photos.index"]).Count);
    }

    [Fact]
    public async Task A_program_that_was_killed_leaves_an_index_that_is_gone_on_with()
    {
        const int Pictures = 400;
        for (int i = 0; i < Pictures; i++) { File.Copy(_folder["photos/coffee.jpg"], _folder[Invariant($"photos/{i:000}.jpg")]); }
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "search", "index", "photos", "-o", "photos.index", "--model", _clip, "-q"]) { WorkingDirectory = _folder.Path })!;
        while (!process.HasExited && Count() < 32) { await Task.Delay(10, TestContext.Current.CancellationToken); }
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        OpenVocabProcess.Outcome rest = await Run("search", "index", "photos", "-o", "photos.index", "--model", _clip);

        Match counts = Counts().Match(rest.Error);
        (int added, int unchanged) = (int.Parse(counts.Groups[1].Value, null), int.Parse(counts.Groups[2].Value, null));
        Assert.Equal(Pictures + 3, added + unchanged);
        Assert.InRange(unchanged, 32, Pictures);
        Assert.Equal(Pictures + 3, Count());
    }

    [Fact]
    public async Task Wrong_options_are_named_before_anything_is_written()
    {
        (string[] Arguments, string Words)[] cases =
        [
            (["search", "index", "photos", "--model", _clip], "either --output FILE or --store ADDRESS"),
            (["search", "index", "photos", "-o", "photos.index"], "No --model is given"),
            (["search", "index", "none", "-o", "none.index", "--model", _clip], "there is no such folder"),
            (["search", "query", "a dog", "--index", "none.index.x"], "there is no such index"),
            (["search", "query", "--index", "x"], "Say what to look for"),
            (["search", "query", "a dog", "--index", "x", "--top", "0"], "--top is 0; it must lie between 1 and 10000"),
            (["search", "query", "a dog", "--store", "mysql://me:hunter2@host/db"], "no address of a PostgreSQL database"),
        ];
        foreach ((string[] arguments, string words) in cases)
        {
            OpenVocabProcess.Outcome run = await Run(arguments);
            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains(words, run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", run.Error, StringComparison.Ordinal);
        }
        await Run("search", "index", "photos", "-o", "photos.index", "--model", _clip, "-q");
        byte[] before = File.ReadAllBytes(_folder["photos/coffee.jpg"]);
        OpenVocabProcess.Outcome over = await Run("search", "query", "a dog", "--index", "photos.index", "--sheet", "photos/coffee.jpg");
        Assert.Contains("this would be written over a picture that is looked at", over.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder["photos/coffee.jpg"]));
    }

    private int Count()
    {
        try { return ImageIndex.Describe(_folder["photos.index"]).Count; }
        catch (IndexException) { return 0; } // not made yet
    }

    private static JsonNode[] Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    private Task<OpenVocabProcess.Outcome> Run(params string[] arguments) => OpenVocabProcess.RunAsync(_folder.Path, arguments);

    [GeneratedRegex("src=\"data:image/jpeg;base64,([^\"]*)\"")]
    private static partial Regex Thumbnails();

    [GeneratedRegex(@"<([!\w]+)")]
    private static partial Regex Tags();

    [GeneratedRegex(@"(\d+) new, 0 changed, 0 gone, (\d+) unchanged")]
    private static partial Regex Counts();
}
