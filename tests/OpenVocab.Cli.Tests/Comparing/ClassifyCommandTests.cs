using System.Text.Json.Nodes;
using OpenVocab.Clip;
using OpenVocab.Prompts;

namespace OpenVocab.Cli.Tests.Comparing;

public sealed class ClassifyCommandTests(ClipFolder folder) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task Each_picture_gets_a_line_with_all_labels_best_first()
    {
        OpenVocabProcess.Outcome run = await Run("dogs.jpg", "cat.jpg", "--labels", "dog, cat, \"red, car\"", "--model", "clip", "--jsonl", "-");

        Assert.Equal(0, run.ExitCode);
        JsonNode[] lines = Lines(run.Output);
        Assert.Equal(["dogs.jpg", "cat.jpg"], lines.Select(line => (string)line["picture"]!));
        using ClipImageEncoder encoder = ClipImageEncoder.Load(folder["clip"]);
        IReadOnlyList<LabelProbability> wanted = new ZeroShotClassifier(encoder, PromptSet.Of("dog", "cat", "red, car")).Classify(encoder.Encode(folder["dogs.jpg"]));
        Assert.Equal(wanted.OrderByDescending(label => label.Probability).Select(label => label.Label), lines[0]["labels"]!.AsArray().Select(label => (string)label!["label"]!));
        Assert.All(lines[0]["labels"]!.AsArray(), label => Assert.Equal(wanted.Single(each => each.Label == (string)label!["label"]!).Probability, (float)label!["probability"]!, 1e-5f));
        Assert.Contains("probability", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_from_the_line_and_from_a_file_are_the_same()
    {
        File.WriteAllText(folder["templates.txt"], "# two sentences\na photo of a {}\n\nart of the {}\n");
        string[] common = ["dogs.jpg", "--labels", "dog,cat", "--model", "clip", "--jsonl", "-", "--quiet"];

        OpenVocabProcess.Outcome line = await Run([.. common, "--template", "a photo of a {}", "--template", "art of the {}"]), file = await Run([.. common, "--templates-file", "templates.txt"]), none = await Run(common);

        Assert.Equal(line.Output, file.Output);
        Assert.NotEqual(none.Output, line.Output);
        Assert.Equal("", line.Error);
    }

    [Fact]
    public async Task Independent_labels_need_not_sum_up_to_one()
    {
        OpenVocabProcess.Outcome run = await Run("dogs.jpg", "--labels", "dog,cat,car", "--model", "clip", "--independent", "--jsonl", "out/lines.jsonl", "--top", "2");

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        JsonArray labels = Assert.Single(Lines(File.ReadAllText(folder["out/lines.jsonl"])))["labels"]!.AsArray();
        Assert.Equal(2, labels.Count);
        Assert.NotEqual(1, labels.Sum(label => (double)label!["probability"]!), 0.01);
    }

    [Fact]
    public async Task A_labels_file_says_synonyms_templates_and_what_else_there_is()
    {
        File.WriteAllText(folder["labels.yaml"], "templates: [\"{}\"]\nbackground: [wall]\nclasses:\n  - name: pet\n    prompts: [dog, cat]\n  - car\n");

        OpenVocabProcess.Outcome run = await Run("dogs.jpg", "--labels-file", "labels.yaml", "--model", "clip", "--jsonl", "-");

        JsonArray labels = Assert.Single(Lines(run.Output))["labels"]!.AsArray();
        Assert.Equal(["car", "pet"], labels.Select(label => (string)label!["label"]!).Order());
        Assert.InRange(labels.Sum(label => (double)label!["probability"]!), 0.01, 0.99);
    }

    [Fact]
    public async Task A_damaged_picture_is_named_and_the_others_are_done()
    {
        OpenVocabProcess.Outcome damaged = await Run("cut.jpg", "dogs.jpg", "--labels", "dog,cat", "--model", "clip", "--jsonl", "-"), missing = await Run("none.jpg", "dogs.jpg", "--labels", "dog,cat", "--model", "clip", "--jsonl", "-");

        Assert.Equal((ExitCodes.DamagedInput, ExitCodes.SomeInputsFailed), (damaged.ExitCode, missing.ExitCode));
        Assert.Equal("dogs.jpg", (string)Assert.Single(Lines(damaged.Output))["picture"]!);
        Assert.Contains("cut.jpg: this JPEG cannot be decoded", damaged.Error, StringComparison.Ordinal);
        Assert.Contains("none.jpg: there is no such file", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_comes_from_standard_input()
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(folder.Path, ["classify", "-", "--labels", "dog,cat", "--model", "clip", "--jsonl", "-"], File.ReadAllBytes(folder["dogs.jpg"]));

        Assert.Equal("-", (string)Assert.Single(Lines(run.Output))["picture"]!);
    }

    [Fact]
    public async Task One_label_alone_says_nothing_and_the_tool_says_so()
    {
        OpenVocabProcess.Outcome run = await Run("dogs.jpg", "--labels", "dog", "--model", "clip");

        Assert.Contains("notice: with one label there is nothing to choose from", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No --model is given, and the model that comes with OpenVocab has no image encoder", "dogs.jpg", "--labels", "dog")]
    [InlineData("openvocab models pull clip-vit-b-32", "dogs.jpg", "--labels", "dog")]
    [InlineData("this model was not fetched yet", "dogs.jpg", "--labels", "dog", "--model", "clip-vit-b-32")]
    [InlineData("\"dog\" is named twice", "dogs.jpg", "--labels", "dog,dog", "--model", "clip")]
    [InlineData("A class is empty", "dogs.jpg", "--labels", "", "--model", "clip")]
    [InlineData("Say what the pictures may show", "dogs.jpg", "--model", "clip")]
    [InlineData("exclude each other", "dogs.jpg", "--labels", "dog", "--labels-file", "labels.txt", "--model", "clip")]
    [InlineData("The label \"dog\" has a threshold (0.4)", "dogs.jpg", "--labels", "dog:0.4", "--model", "clip")]
    [InlineData("The template \"a photo\" has 0 places marked {}", "dogs.jpg", "--labels", "dog", "--template", "a photo", "--model", "clip")]
    [InlineData("--top is 0; it must lie between 1 and 2000", "dogs.jpg", "--labels", "dog", "--top", "0", "--model", "clip")]
    [InlineData("There is no option --lables; did you mean --labels?", "dogs.jpg", "--labels", "dog", "--lables", "dog", "--model", "clip")]
    [InlineData("the JSON lines would be written into the source dogs.jpg", "dogs.jpg", "--labels", "dog", "--jsonl", "dogs.jpg", "--model", "clip")]
    [InlineData("none.txt: the prompt file cannot be read", "dogs.jpg", "--labels-file", "none.txt", "--model", "clip")]
    [InlineData("none.txt: the templates cannot be read", "dogs.jpg", "--labels", "dog", "--templates-file", "none.txt", "--model", "clip")]
    public async Task What_cannot_be_done_is_said_before_anything_is_done(string words, params string[] arguments)
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(folder.Path, ["classify", .. arguments], environment: new() { ["OPENVOCAB_CACHE"] = folder["cache"] });

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_video_is_no_picture()
    {
        OpenVocabProcess.Outcome run = await Run(RepositoryFiles.Get("samples", "media", "pedestrians.mp4"), "--labels", "dog", "--model", "clip");

        Assert.Equal(ExitCodes.SomeInputsFailed, run.ExitCode);
        Assert.Contains("this is no picture, but a video", run.Error, StringComparison.Ordinal);
    }

    private Task<OpenVocabProcess.Outcome> Run(params string[] arguments) => OpenVocabProcess.RunAsync(folder.Path, ["classify", .. arguments]);

    private static JsonNode[] Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
