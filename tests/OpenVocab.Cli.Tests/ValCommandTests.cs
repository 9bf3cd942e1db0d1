using System.Text.Json.Nodes;

namespace OpenVocab.Cli.Tests;

public sealed class ValCommandTests : IDisposable
{
    private const double Tolerance = 1e-9;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("crowd"), InlineData("empty"), InlineData("ids")]
    public async Task Files_of_results_give_the_numbers_of_the_reference(string set)
    {
        OpenVocabProcess.Outcome run = await MeasureAsync(set);

        Assert.Equal(0, run.ExitCode);
        JsonNode expected = Read(Golden.Path("coco-eval", $"{set}.expected.json")), actual = JsonNode.Parse(run.Output)!;
        Assert.Equal(Stats(expected), Stats(actual));
        Assert.Equal(
            expected["perClass"]!.AsArray().Select(each => (Text(each!["name"]), (int)each!["boxes"]!, Round(each["AP"]), Round(each["AP50"]))),
            actual["perClass"]!.AsArray().Select(each => (Text(each!["name"]), (int)each!["boxes"]!, Round(each["AP"]), Round(each["AP50"]))));
        Assert.Contains("AP50", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lvis_has_rules_of_its_own()
    {
        JsonNode expected = Read(Golden.Path("coco-eval", "lvis-federated.expected.json"));
        OpenVocabProcess.Outcome standard = await MeasureAsync("lvis-federated", "--rules", "lvis"), best = await MeasureAsync("lvis-federated", "--rules", "lvis-fixed", "--per-class", "12");

        Assert.Equal(Stats(expected["standard"]!), Stats(JsonNode.Parse(standard.Output)!));
        Assert.Equal(Stats(expected["fixed"]!), Stats(JsonNode.Parse(best.Output)!));
    }

    [Fact]
    public async Task A_model_is_measured_on_labelled_pictures_and_its_results_can_be_measured_again()
    {
        string labels = WriteSamples("samples.json");

        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["val", "--data", labels, "--json"]);

        Assert.Equal(0, run.ExitCode);
        JsonNode numbers = JsonNode.Parse(run.Output)!;
        Assert.InRange((double)numbers["stats"]!["AP50"]!, 0.8, 1);
        Assert.Equal(["cat", "dog", "wine glass"], numbers["perClass"]!.AsArray().Select(each => Text(each!["name"])));
        Assert.Contains("runs/val/1/metrics.json", run.Error, StringComparison.Ordinal);
        Assert.All(["precision-recall.png", "confusion.png"], picture => Assert.True(new FileInfo(_folder[$"runs/val/1/{picture}"]).Length > 5000));
        Assert.Equal("openvocab-default", Text(Read(_folder["runs/val/1/metrics.json"])["model"]));
        Assert.Contains("threshold: 0.", File.ReadAllText(_folder["runs/val/1/words.yaml"]), StringComparison.Ordinal);

        OpenVocabProcess.Outcome again = await OpenVocabProcess.RunAsync(_folder.Path, ["val", "--annotations", labels, "--detections", "runs/val/1/detections.json", "--json", "--save-dir", "again", "-q"]);
        Assert.Equal(run.Output, again.Output);
        Assert.Equal("", again.Error);
        Assert.True(File.Exists(_folder["again/metrics.json"]));

        OpenVocabProcess.Outcome found = await OpenVocabProcess.RunAsync(_folder.Path, ["predict", RepositoryFiles.Get("samples", "media", "cat.jpg"), "--classes-file", "runs/val/1/words.yaml", "--jsonl", "-", "-q"]);
        Assert.Contains("\"class\":\"cat\"", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_of_yolo_and_voc_give_the_same_numbers()
    {
        string labels = WriteSamples("samples.json");
        WriteAsYolo(labels);
        WriteAsVoc(labels);

        string[] outputs = new string[3];
        foreach ((int i, string data) in ((string[])[labels, "yolo", "voc"]).Index())
        {
            OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["val", "--data", data, "--json", "-q", "--save-dir", "out"]);
            Assert.Equal(0, run.ExitCode);
            // Whole pixels and fractions with six digits: the boxes differ a little.
            outputs[i] = string.Join(' ', Stats(JsonNode.Parse(run.Output)!).Where(each => each.Name is "AP50" or "AP75" or "AR100").Select(each => $"{each.Name} {each.Value:0.00}"));
        }
        Assert.Equal(outputs[0], outputs[1]);
        Assert.Equal(outputs[0], outputs[2]);
    }

    [Fact]
    public async Task Prompts_are_audited()
    {
        string labels = WriteSamples("samples.json");
        File.WriteAllText(_folder["words.yaml"], "classes:\n  - name: dog\n    prompts: [puppy, wine bottle]\n");
        File.WriteAllText(_folder["absent.txt"], "submarine\nhound\n");

        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["val", "--data", labels, "--classes-file", "words.yaml", "--classes", "dog, cat", "--prompts-audit", "--absent", "absent.txt", "--json", "--save-dir", "out"]);

        Assert.Equal(0, run.ExitCode);
        JsonNode audit = JsonNode.Parse(run.Output)!["promptsAudit"]!;
        Assert.Equal([("puppy", true), ("wine bottle", false)], audit["phrases"]!.AsArray().Select(each => (Text(each!["phrase"]), (bool)each["best"]!)));
        // A hound is in the pictures: the dogs are found for it.
        Assert.Equal([("hound", true), ("submarine", false)], audit["absent"]!["perWord"]!.AsArray().Select(each => (Text(each!["word"]), (int)each["boxes"]! > 0)));
        Assert.Contains("2 words", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_data_is_said_and_refused_on_demand()
    {
        JsonNode labels = Read(WriteSamples("samples.json"));
        labels["images"]!.AsArray().Add(new JsonObject { ["id"] = 99, ["file_name"] = "none.jpg" });
        labels["annotations"]!.AsArray().Add(new JsonObject { ["id"] = 990, ["image_id"] = 99, ["category_id"] = 17, ["bbox"] = new JsonArray(1, 2, 3, 4) });
        labels["annotations"]!.AsArray().Add(new JsonObject { ["id"] = 991, ["image_id"] = 98, ["category_id"] = 17, ["bbox"] = new JsonArray(1, 2, 3, 4) });
        File.WriteAllText(_folder["faulty.json"], labels.ToJsonString());

        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["val", "--data", "faulty.json", "--json", "-q", "--save-dir", "out"]);
        OpenVocabProcess.Outcome strict = await OpenVocabProcess.RunAsync(_folder.Path, ["val", "--data", "faulty.json", "--json", "-q", "--strict", "--save-dir", "out2"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"warning: image 99: there is no file {_folder["none.jpg"]}; it is left out.", run.Error, StringComparison.Ordinal);
        Assert.Contains("warning: annotation 991: its image_id is 98; there is no such image; it is left out.", run.Error, StringComparison.Ordinal);
        // Nobody could find what nobody could look at.
        Assert.Equal(2, (int)JsonNode.Parse(run.Output)!["perClass"]!.AsArray().Single(each => Text(each!["name"]) == "dog")!["boxes"]!);
        Assert.Equal((3, ""), (strict.ExitCode, strict.Output));
        Assert.Contains("2 things are wrong with the data, and --strict refuses that", strict.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out2"]));
    }

    [Theory]
    [InlineData("Nothing to measure is given", "val")]
    [InlineData("--detections is missing", "val", "--annotations", "a.json")]
    [InlineData("give one or the other", "val", "--annotations", "a.json", "--data", "b.json")]
    [InlineData("--prompts-audit needs --data", "val", "--annotations", "a.json", "--detections", "b.json", "--prompts-audit")]
    [InlineData("there is no such file", "val", "--annotations", "a.json", "--detections", "b.json")]
    [InlineData("there is no such file or folder", "val", "--data", "nothing")]
    [InlineData("--per-class is 0; it must lie between 1 and 1000000", "val", "--data", "nothing", "--per-class", "0")]
    public async Task Wrong_options_are_named(string words, params string[] arguments)
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, arguments);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_the_data_do_not_have_is_named_with_near_ones()
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["val", "--data", WriteSamples("samples.json"), "--classes", "dogs"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("has no class \"dogs\"; near are \"dog\"", run.Error, StringComparison.Ordinal);
    }

    private Task<OpenVocabProcess.Outcome> MeasureAsync(string set, params string[] more) => OpenVocabProcess.RunAsync(
        _folder.Path, ["val", "--annotations", Golden.Path("coco-eval", $"{set}.gt.json"), "--detections", Golden.Path("coco-eval", $"{set}.dt.json"), "--json", .. more]);

    /// <summary>Three of the sample pictures, with the boxes of three classes.</summary>
    private string WriteSamples(string name)
    {
        JsonNode all = Read(RepositoryFiles.Get("samples", "media", "labels.json"));
        string[] pictures = ["cat.jpg", "dogs.jpg", "wine.jpg"], classes = ["cat", "dog", "wine glass"];
        JsonNode[] images = [.. all["images"]!.AsArray().Where(image => pictures.Contains(Text(image!["file_name"])))!];
        JsonNode[] categories = [.. all["categories"]!.AsArray().Where(category => classes.Contains(Text(category!["name"])))!];
        JsonNode[] boxes = [.. all["annotations"]!.AsArray().Where(box => images.Any(image => (int)image["id"]! == (int)box!["image_id"]!) && categories.Any(category => (int)category["id"]! == (int)box!["category_id"]!))!];
        foreach (string picture in pictures) { File.Copy(RepositoryFiles.Get("samples", "media", picture), _folder[picture], overwrite: true); }
        JsonObject chosen = new()
        {
            ["images"] = new JsonArray([.. images.Select(each => each.DeepClone())]),
            ["categories"] = new JsonArray([.. categories.Select(each => each.DeepClone())]),
            ["annotations"] = new JsonArray([.. boxes.Select(each => each.DeepClone())]),
        };
        File.WriteAllText(_folder[name], chosen.ToJsonString());
        return _folder[name];
    }

    private void WriteAsYolo(string labels)
    {
        (JsonArray images, JsonArray categories, JsonArray boxes) = Parts(labels);
        Directory.CreateDirectory(_folder["yolo/images/val"]);
        Directory.CreateDirectory(_folder["yolo/labels/val"]);
        File.WriteAllText(_folder["yolo/data.yaml"], $"val: images/val\nnames: [{string.Join(", ", categories.Select(each => Text(each!["name"])))}]\n");
        foreach (JsonNode? image in images)
        {
            string picture = Text(image!["file_name"]);
            File.Copy(_folder[picture], _folder[$"yolo/images/val/{picture}"]);
            (double width, double height) = ((double)image["width"]!, (double)image["height"]!);
            File.WriteAllLines(_folder[$"yolo/labels/val/{Path.ChangeExtension(picture, ".txt")}"], boxes.Where(box => (int)box!["image_id"]! == (int)image["id"]!).Select(box =>
            {
                double[] side = Sides(box!);
                int index = categories.Index().Single(each => (int)each.Item!["id"]! == (int)box!["category_id"]!).Index;
                return FormattableString.Invariant($"{index} {(side[0] + side[2] / 2) / width:0.000000} {(side[1] + side[3] / 2) / height:0.000000} {side[2] / width:0.000000} {side[3] / height:0.000000}");
            }));
        }
    }

    private void WriteAsVoc(string labels)
    {
        (JsonArray images, JsonArray categories, JsonArray boxes) = Parts(labels);
        Directory.CreateDirectory(_folder["voc/Annotations"]);
        Directory.CreateDirectory(_folder["voc/JPEGImages"]);
        foreach (JsonNode? image in images)
        {
            string picture = Text(image!["file_name"]);
            File.Copy(_folder[picture], _folder[$"voc/JPEGImages/{picture}"]);
            string objects = string.Concat(boxes.Where(box => (int)box!["image_id"]! == (int)image["id"]!).Select(box =>
            {
                double[] side = Sides(box!);
                string name = Text(categories.Single(each => (int)each!["id"]! == (int)box!["category_id"]!)!["name"]);
                return FormattableString.Invariant($"<object><name>{name}</name><bndbox><xmin>{side[0] + 1}</xmin><ymin>{side[1] + 1}</ymin><xmax>{side[0] + side[2]}</xmax><ymax>{side[1] + side[3]}</ymax></bndbox></object>");
            }));
            File.WriteAllText(_folder[$"voc/Annotations/{Path.ChangeExtension(picture, ".xml")}"], $"<annotation><filename>{picture}</filename><size><width>{image["width"]}</width><height>{image["height"]}</height></size>{objects}</annotation>");
        }
    }

    private static (JsonArray Images, JsonArray Categories, JsonArray Boxes) Parts(string labels)
    {
        JsonNode all = Read(labels);
        return (all["images"]!.AsArray(), all["categories"]!.AsArray(), all["annotations"]!.AsArray());
    }

    private static double[] Sides(JsonNode box) => [.. box["bbox"]!.AsArray().Select(side => (double)side!)];

    private static IEnumerable<(string Name, double Value)> Stats(JsonNode numbers) => [.. numbers["stats"]!.AsObject().Select(each => (each.Key, Round(each.Value)))];

    private static double Round(JsonNode? value) => Math.Round((double)value! / Tolerance) * Tolerance;

    private static string Text(JsonNode? value) => (string)value!;

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;
}
