using System.Globalization;
using System.Text.Json.Nodes;
using OpenVocab.Cli.Comparing;
using OpenVocab.Clip;

namespace OpenVocab.Cli.Tests.Comparing;

public sealed class ScoreCommandTests(ClipFolder folder) : IClassFixture<ClipFolder>
{
    /// <summary>Six digits are printed; a batch adds up in another order.</summary>
    private const double Tolerance = 1e-4;

    [Theory, InlineData("paper", "A photo depicts ", 2.5), InlineData("torchmetrics", "", 100)]
    public async Task A_pair_is_scored_by_the_formula_that_was_asked_for(string formula, string prefix, double weight)
    {
        OpenVocabProcess.Outcome run = await Run("dogs.jpg", "two dogs", "--model", "clip", "--formula", formula, "--jsonl", "-");

        Assert.Equal(0, run.ExitCode);
        JsonNode line = Assert.Single(Lines(run.Output));
        double cosine = Cosine("dogs.jpg", prefix + "two dogs");
        Assert.Equal(("dogs.jpg", "two dogs", formula), ((string)line["picture"]!, (string)line["text"]!, (string)line["formula"]!));
        Assert.Equal(cosine, (double)line["cosine"]!, Tolerance);
        Assert.Equal(weight * Math.Max(cosine, 0), (double)line["score"]!, weight * Tolerance);
        Assert.Contains("cosine", run.Error, StringComparison.Ordinal);
    }

    [Theory, InlineData("pairs.csv"), InlineData("pairs.json"), InlineData("pairs.jsonl")]
    public async Task A_file_of_pairs_is_scored_in_its_order(string file)
    {
        Directory.CreateDirectory(folder["lists"]);
        File.WriteAllText(folder[$"lists/{file}"], file switch
        {
            "pairs.csv" => "\uFEFFid,Text,picture\r\n1,\"a dog, \"\"asleep\"\"\",../dogs.jpg\r\n\r\n2,cat,../cat.jpg\r\n3,cat,../dogs.jpg\r\n",
            "pairs.json" => """[{"picture":"../dogs.jpg","text":"a dog, \"asleep\""},{"picture":"../cat.jpg","text":"cat"},{"picture":"../dogs.jpg","text":"cat","id":3}]""",
            _ => "{\"picture\":\"../dogs.jpg\",\"text\":\"a dog, \\\"asleep\\\"\"}\n\n{\"picture\":\"../cat.jpg\",\"text\":\"cat\"}\r\n{\"picture\":\"../dogs.jpg\",\"text\":\"cat\"}",
        });

        OpenVocabProcess.Outcome run = await Run("--pairs", $"lists/{file}", "--model", "clip", "--csv", "-", "--jsonl", "scores.jsonl");

        Assert.Equal(0, run.ExitCode);
        List<string>[] rows = [.. CsvText.Parse(run.Output).Select(row => row.Fields)];
        Assert.Equal(["picture", "text", "score", "cosine", "formula"], rows[0]);
        Assert.Equal([("../dogs.jpg", "a dog, \"asleep\""), ("../cat.jpg", "cat"), ("../dogs.jpg", "cat")], rows[1..].Select(row => (row[0], row[1])));
        Assert.All(rows[1..], row => Assert.Equal(Cosine(row[0][3..], "A photo depicts " + row[1]), double.Parse(row[3], CultureInfo.InvariantCulture), Tolerance));
        Assert.Equal(rows[1..].Select(row => row[2]), Lines(File.ReadAllText(folder["scores.jsonl"])).Select(line => line["score"]!.ToJsonString()));
        Assert.Contains("3 pairs: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_of_one_text_come_best_first()
    {
        OpenVocabProcess.Outcome run = await Run("dogs.jpg", "cat.jpg", Golden.Path("clip", "images"), "--text", "two dogs", "--model", "clip", "--jsonl", "-");

        JsonNode[] lines = Lines(run.Output);
        Assert.Equal(12, lines.Length);
        Assert.Equal(Enumerable.Range(1, 12), lines.Select(line => (int)line["rank"]!));
        Assert.Equal(lines.Select(line => (double)line["cosine"]!).OrderDescending(), lines.Select(line => (double)line["cosine"]!));
        Assert.Equal(Cosine("dogs.jpg", "A photo depicts two dogs"), (double)lines.Single(line => (string)line["picture"]! == "dogs.jpg")["cosine"]!, Tolerance);
    }

    [Fact]
    public async Task A_damaged_picture_is_named_and_the_others_are_done()
    {
        File.WriteAllText(folder["damaged.csv"], "picture,text\ncut.jpg,cat\ndogs.jpg,dog\n");

        OpenVocabProcess.Outcome run = await Run("--pairs", "damaged.csv", "--model", "clip", "--jsonl", "-");

        Assert.Equal(ExitCodes.DamagedInput, run.ExitCode);
        Assert.Equal("dogs.jpg", (string)Assert.Single(Lines(run.Output))["picture"]!);
        Assert.Contains("cut.jpg: this JPEG cannot be decoded", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_cut_is_told()
    {
        OpenVocabProcess.Outcome run = await Run("dogs.jpg", string.Join(' ', Enumerable.Repeat("zebra", 60)), "--model", "clip");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("notice: 1 of 1 texts have more tokens than the text encoder takes", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No --model is given", 1, "dogs.jpg", "a dog")]
    [InlineData("there are 3 arguments", 1, "a", "b", "c", "--model", "clip")]
    [InlineData("--pairs names pictures and texts itself", 1, "dogs.jpg", "--pairs", "x.csv", "--model", "clip")]
    [InlineData("--text needs at least one picture", 1, "--text", "a dog", "--model", "clip")]
    [InlineData("cannot both go to standard output", 1, "dogs.jpg", "a dog", "--csv", "-", "--jsonl", "-", "--model", "clip")]
    [InlineData("none.csv: the file cannot be read", 2, "--pairs", "none.csv", "--model", "clip")]
    [InlineData("the extension is \".jpg\"", 2, "--pairs", "dogs.jpg", "--model", "clip")]
    public async Task What_cannot_be_done_is_said_before_anything_is_done(string words, int exitCode, params string[] arguments)
    {
        OpenVocabProcess.Outcome run = await Run(arguments);

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bad.csv", "image,caption\na,b\n", "line 1: the columns are image, caption; picture and text are needed")]
    [InlineData("bad.csv", "picture,text\na.jpg\n", "line 2 has 1 fields; the columns need 2")]
    [InlineData("bad.csv", "picture,text\n\"a\nb\",c\na.jpg,\"open\n", "line 4: a quote is not closed")]
    [InlineData("bad.csv", "picture,text\n\"a\"b,c\n", "line 2: something stands behind a closed quote")]
    [InlineData("bad.csv", "picture,text\n,c\n", "line 2: the picture's path is empty")]
    [InlineData("bad.csv", "", "there are no pairs in it")]
    [InlineData("bad.json", "{}", "it is no list of objects")]
    [InlineData("bad.json", "[{\"picture\":\"a\",\"text\":\"b\"},{\"picture\":1,\"text\":\"b\"}]", "entry 1: the field picture is missing, or no text")]
    [InlineData("bad.jsonl", "{\"picture\":\"a\",\"text\":\"b\"}\n\n{\"picture\":", "line 3: ")]
    public void A_faulty_file_of_pairs_is_refused_with_its_line(string name, string content, string words)
    {
        using TemporaryFolder own = new();
        File.WriteAllText(own[name], content);

        Assert.Contains(words, Assert.Throws<SourceException>(() => PairsFile.Read(own[name])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_as_csv_is_read_as_it_was()
    {
        string[] fields = ["plain", "", "a,b", "say \"so\"", "two\nlines", "end\r\n", " blank ", "\""];
        string text = string.Join(',', fields.Select(CsvText.Quote)) + "\r\n" + string.Join(',', fields.Reverse().Select(CsvText.Quote));

        Assert.Equal([fields, fields.Reverse()], CsvText.Parse(text).Select(row => row.Fields));
        Assert.Equal([1, 4], CsvText.Parse(text).Select(row => row.Line));
    }

    private double Cosine(string picture, string text)
    {
        using ClipImageEncoder encoder = ClipImageEncoder.Load(folder["clip"]);
        return encoder.Encode(folder[picture]).Zip(encoder.EncodeText(text)).Sum(pair => (double)pair.First * pair.Second);
    }

    private Task<OpenVocabProcess.Outcome> Run(params string[] arguments) => OpenVocabProcess.RunAsync(folder.Path, ["score", .. arguments]);

    private static JsonNode[] Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
