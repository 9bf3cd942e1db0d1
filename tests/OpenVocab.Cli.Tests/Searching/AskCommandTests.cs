using System.Text.Json.Nodes;
using OpenCvSharp;
using OpenVocab.Models;

namespace OpenVocab.Cli.Tests.Searching;

/// <summary><c>openvocab index</c> and <c>openvocab ask</c> as a person types them.</summary>
public sealed class AskCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_video_is_indexed_once_and_asked_for_words()
    {
        Clip();
        OpenVocabProcess.Outcome first = await Run("index", "street.mp4", Media("dogs.jpg"), "-o", "street.index"), second = await Run("index", "street.mp4", "-o", "street.index");
        OpenVocabProcess.Outcome asked = await Run("ask", "street.index", "person", "puppy:0.4, zebra", "--not", "horse", "--top", "30", "--jsonl", "-");

        Assert.Equal((0, 0, 0), (first.ExitCode, second.ExitCode, asked.ExitCode));
        Assert.Contains("41 frames of 2 sources", first.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing is new: 1 source unchanged.", second.Error, StringComparison.Ordinal);
        JsonNode[] answers = Lines(asked.Output);
        Assert.Equal(Enumerable.Range(1, answers.Length), answers.Select(answer => (int)answer["rank"]!));
        Assert.Equal(["person", "puppy"], answers.Select(answer => (string)answer["words"]!).Distinct().Order());
        Assert.All(answers.Where(answer => (string)answer["words"]! == "puppy"), dog =>
        {
            Assert.Equal(Media("dogs.jpg"), (string)dog["source"]!);
            Assert.True((double)dog["score"]! > 0.4);
        });
        JsonNode walker = answers.First(answer => (int)answer["frames"]! > 30);
        Assert.Equal(("video", _folder["street.mp4"]), ((string)walker["kind"]!, (string)walker["source"]!));
        Assert.InRange((double)walker["time"]!, (double)walker["from"]!, (double)walker["to"]!);
        Assert.Equal(4, walker["box"]!.AsArray().Count);
        Assert.Contains("0:00:00 - 0:00:03", asked.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_a_sheet_a_page_and_clips_show_the_answers()
    {
        Clip();
        await Run("index", "street.mp4", "-o", "street.index", "-q");

        OpenVocabProcess.Outcome run = await Run("ask", "street.index", "person", "--top", "3", "--thumbnails", "seen", "--clips", "clips", "--seconds-around", "0.5", "--sheet", "sheet.png", "--html", "page.html", "--jsonl", "answers.jsonl", "-q");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonNode[] answers = Lines(File.ReadAllText(_folder["answers.jsonl"]));
        Assert.Equal(["0001.jpg", "0002.jpg", "0003.jpg"], Directory.GetFiles(_folder["seen"]).Select(path => Path.GetFileName(path)!).Order());
        for (int i = 0; i < 3; i++)
        {
            using Mat seen = Cv2.ImRead(_folder[Invariant($"seen/{i + 1:0000}.jpg")]);
            Assert.Equal((768, 576), (seen.Width, seen.Height));
            (double from, double to) = ((double)answers[i]["from"]!, (double)answers[i]["to"]!);
            double wanted = Math.Min(to + 0.5, 4) - Math.Max(from - 0.5, 0);
            string probe = TestVideos.Probe(_folder[Invariant($"clips/{i + 1:0000}.mp4")], "format=duration");
            Assert.Equal(wanted, double.Parse(probe, System.Globalization.CultureInfo.InvariantCulture), 0.21);
            Assert.Equal("h264", TestVideos.Probe(_folder[Invariant($"clips/{i + 1:0000}.mp4")], "stream=codec_name", "-select_streams", "v:0"));
        }
        using Mat sheet = Cv2.ImRead(_folder["sheet.png"]);
        Assert.Equal(3 * 268 + 12, sheet.Width);
        Assert.Equal(3, File.ReadAllText(_folder["page.html"]).Split("<img ").Length - 1);
    }

    [Fact]
    public async Task The_picture_of_an_answer_is_the_frame_that_was_looked_at()
    {
        Clip();
        await Run("index", "street.mp4", "-o", "street.index", "-q");
        await Run("ask", "street.index", "person", "--top", "1", "--thumbnails", "seen", "--jsonl", "answer.jsonl", "-q");
        JsonNode answer = Lines(File.ReadAllText(_folder["answer.jsonl"])).Single();

        // Frame by frame, as predict reads it: which one is nearest to the picture outside of the box's line?
        using Mat seen = Cv2.ImRead(_folder["seen/0001.jpg"]);
        using Sources.IFrameSource source = Sources.FrameSources.Open(Sources.FrameSources.Find(_folder["street.mp4"])[0], new());
        using Frame frame = new();
        List<(double Difference, double Time)> all = [];
        while (source.TryRead(frame, TestContext.Current.CancellationToken)) { all.Add((Cv2.Norm(frame.Pixels, seen, NormTypes.L1), frame.Time.TotalSeconds)); }

        Assert.Equal((double)answer["time"]!, all.Min().Time, 0.001);
    }

    [Fact]
    public async Task A_source_that_is_gone_is_told_and_not_shown()
    {
        File.Copy(Media("dogs.jpg"), _folder["dogs.jpg"]);
        await Run("index", "dogs.jpg", "-o", "dogs.index", "-q");
        File.Delete(_folder["dogs.jpg"]);

        OpenVocabProcess.Outcome run = await Run("ask", "dogs.index", "dog", "--thumbnails", "seen", "--sheet", "sheet.png", "--jsonl", "-", "-q");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"notice: {_folder["dogs.jpg"]}: it is not there any more: what was seen in it is told, and not shown.", run.Error.Trim());
        Assert.All(Lines(run.Output), answer => Assert.Equal("it is not there any more", (string)answer["problem"]!));
        Assert.Empty(Directory.GetFiles(_folder["seen"]));
    }

    [Fact]
    public async Task A_YOLO_World_with_regions_is_indexed_with_its_own_words_and_asked_with_the_model_that_the_index_remembers()
    {
        ModelImporter.Import(RepositoryFiles.Get("tests", "OpenVocab.Tests", "Golden", "yolo-world", "tiny-worldv2.pt"), _folder["tiny"], new() { Regions = true });
        OpenVocabProcess.Outcome made = await Run("index", Media("dogs.jpg"), "-o", "tiny.index", "--model", "tiny", "--conf", "0.0001");
        OpenVocabProcess.Outcome asked = await Run("ask", "tiny.index", "person", "--conf", "0.0001", "--jsonl", "-");
        Directory.Move(_folder["tiny"], _folder["elsewhere"]);
        OpenVocabProcess.Outcome lost = await Run("ask", "tiny.index", "person"), other = await Run("ask", "tiny.index", "person", "--model", RepositoryFiles.Get("models", "default"));
        OpenVocabProcess.Outcome named = await Run("ask", "tiny.index", "person", "--conf", "0.0001", "--model", "elsewhere", "--jsonl", "-");

        Assert.Equal((0, 0), (made.ExitCode, asked.ExitCode));
        Assert.NotEmpty(Lines(asked.Output));
        Assert.Contains($"which is not at {_folder["tiny"]}", lost.Error, StringComparison.Ordinal);
        Assert.Contains("the model here is openvocab-default (80 numbers", other.Error, StringComparison.Ordinal);
        Assert.Equal(asked.Output, named.Output);
    }

    [Fact]
    public async Task What_is_wrong_is_named_before_anything_is_written()
    {
        File.Copy(Media("cat.jpg"), _folder["cat.jpg"]);
        (string[] Arguments, string Words)[] cases =
        [
            (["index", "cat.jpg"], "--output"),
            (["index", "none.mp4", "-o", "x.index"], "none.mp4: there is no such file or folder."),
            (["index", "cat.jpg", "-o", "cat.jpg"], "the index would be written into the source"),
            (["index", "cat.jpg", "-o", "x.index", "--conf", "2"], "--conf is 2; it must lie between 0 and 1."),
            (["index", "cat.jpg", "-o", "x.index", "--views", "0"], "--views is 0; it must lie between 1 and 64."),
            (["index", "0", "-o", "x.index"], "only files are indexed"),
            (["ask", "x.index", "person"], "there is no such index"),
            (["ask", "cat.jpg", "person"], "this is no index of videos: it is no SQLite file."),
            (["ask", "x.index", "person", "--top", "0"], "--top is 0; it must lie between 1 and 10000."),
            (["ask", "x.index", "person", "--tpo", "3"], "did you mean --top?"),
            (["ask", "x.index", "person, person"], "person"),
        ];
        foreach ((string[] arguments, string words) in cases)
        {
            OpenVocabProcess.Outcome run = await Run(arguments);
            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains(words, run.Error, StringComparison.Ordinal);
        }
        Assert.Equal(["cat.jpg"], Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)!));
        await Run("index", "cat.jpg", "-o", "cat.index", "-q");
        byte[] before = File.ReadAllBytes(_folder["cat.jpg"]);
        OpenVocabProcess.Outcome over = await Run("ask", "cat.index", "cat", "--sheet", "cat.jpg");
        Assert.Contains("this would be written over what is looked at", over.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder["cat.jpg"]));
        Assert.Contains("has never seen \"blorfwiggle\"", (await Run("ask", "cat.index", "blorfwiggle")).Error, StringComparison.Ordinal);
    }

    private Task<OpenVocabProcess.Outcome> Run(params string[] arguments) => OpenVocabProcess.RunAsync(_folder.Path, arguments);

    private void Clip()
    {
        Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");
        TestVideos.Make(_folder["street.mp4"], ["-i", Media("pedestrians.mp4")], "-frames:v", "40");
    }

    private static string Media(string name) => RepositoryFiles.Get("samples", "media", name);

    private static JsonNode[] Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
