using System.Text.Json;
using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

/// <summary>Numbers of pycocotools and lvis-api on small sets: tests/OpenVocab.Tests/Golden/coco-eval.</summary>
public class GoldenEvaluationTests
{
    private const double Tolerance = 1e-9;

    private static readonly DatasetOptions s_asPycocotools = new() { IgnoreDifficult = false, OnlyExhaustive = false };

    [Theory]
    [InlineData("simple"), InlineData("crowd"), InlineData("score-ties"), InlineData("empty"), InlineData("area-edges")]
    [InlineData("many-detections"), InlineData("degenerate"), InlineData("ids"), InlineData("numeric-edges")]
    public void Numbers_equal_pycocotools(string set) => Compare(name => Golden.Path("coco-eval", name), set);

    [Fact]
    public void Numbers_of_eighty_classes_equal_pycocotools() => Compare(name => SharedFiles.Get(Assert.Skip, "golden", "coco-eval", name), "eighty-classes");

    [Fact]
    public void The_annotation_with_id_zero_can_count_as_any_other()
    {
        using JsonDocument expected = Expected(Golden.Path("coco-eval", "ids.expected.json"));
        JsonElement stats = expected.RootElement.GetProperty("withoutIdZeroQuirk");
        CompareStats(stats.TryGetProperty("stats", out JsonElement inner) ? inner : stats, Evaluate(name => Golden.Path("coco-eval", name), "ids", s_asPycocotools with { UncreditIdZero = false }).Overall);
    }

    [Theory, InlineData("standard"), InlineData("fixed")]
    public void Numbers_equal_lvis_api(string protocol)
    {
        LabelledDataset dataset = CocoLabels.Read(Golden.Path("coco-eval", "lvis-federated.gt.json"), new() { HonourIgnore = true });
        ScoredBox[] detections = [.. CocoDetections.Read(Golden.Path("coco-eval", "lvis-federated.dt.json"), dataset, new())];
        LvisEvaluator evaluator = protocol == "fixed" ? LvisEvaluator.Fixed with { PerClass = 12 } : new();
        LvisReport report = evaluator.Evaluate(
            [.. dataset.Images.Select(image => image.Federated!)], [.. dataset.Classes.Select(each => each.Frequency)], [.. dataset.Labels], detections);

        using JsonDocument expected = Expected(Golden.Path("coco-eval", "lvis-federated.expected.json"));
        JsonElement stats = expected.RootElement.GetProperty(protocol).GetProperty("stats");
        Accuracy overall = report.Report.Overall;
        Assert.Equal(stats.GetProperty("AP").GetDouble(), overall.AP, Tolerance);
        Assert.Equal(stats.GetProperty("AP50").GetDouble(), overall.AP50, Tolerance);
        Assert.Equal(stats.GetProperty("AP75").GetDouble(), overall.AP75, Tolerance);
        Assert.Equal(stats.GetProperty("APs").GetDouble(), overall.APSmall, Tolerance);
        Assert.Equal(stats.GetProperty("APm").GetDouble(), overall.APMedium, Tolerance);
        Assert.Equal(stats.GetProperty("APl").GetDouble(), overall.APLarge, Tolerance);
        Assert.Equal(stats.GetProperty("APr").GetDouble(), report.APRare, Tolerance);
        Assert.Equal(stats.GetProperty("APc").GetDouble(), report.APCommon, Tolerance);
        Assert.Equal(stats.GetProperty("APf").GetDouble(), report.APFrequent, Tolerance);
        Assert.Equal(stats.GetProperty("AR").GetDouble(), overall.AR100, Tolerance);
        Assert.Equal(stats.GetProperty("ARs").GetDouble(), overall.ARSmall, Tolerance);
        Assert.Equal(stats.GetProperty("ARm").GetDouble(), overall.ARMedium, Tolerance);
        Assert.Equal(stats.GetProperty("ARl").GetDouble(), overall.ARLarge, Tolerance);
        foreach ((int i, JsonElement each) in expected.RootElement.GetProperty(protocol).GetProperty("perClass").EnumerateArray().Index())
        {
            Assert.Equal(each.GetProperty("name").GetString(), dataset.Classes[i].Name);
            Assert.Equal(each.GetProperty("AP").GetDouble(), report.Report.Classes[i].Accuracy.AP, Tolerance);
            Assert.Equal(each.GetProperty("AP50").GetDouble(), report.Report.Classes[i].Accuracy.AP50, Tolerance);
            Assert.Equal(each.GetProperty("boxes").GetInt32(), report.Report.Classes[i].Boxes);
        }
    }

    private static EvaluationReport Evaluate(Func<string, string> find, string set, DatasetOptions options)
    {
        LabelledDataset dataset = CocoLabels.Read(find($"{set}.gt.json"), options);
        return CocoEvaluator.Evaluate(dataset.Images.Count, dataset.Classes.Count, [.. dataset.Labels], [.. CocoDetections.Read(find($"{set}.dt.json"), dataset, new())]);
    }

    private static void Compare(Func<string, string> find, string set)
    {
        EvaluationReport report = Evaluate(find, set, s_asPycocotools);
        using JsonDocument expected = Expected(find($"{set}.expected.json"));
        CompareStats(expected.RootElement.GetProperty("stats"), report.Overall);
        LabelledDataset dataset = CocoLabels.Read(find($"{set}.gt.json"), s_asPycocotools);
        JsonElement[] classes = [.. expected.RootElement.GetProperty("perClass").EnumerateArray()];
        Assert.Equal(classes.Length, report.Classes.Count);
        for (int i = 0; i < classes.Length; i++)
        {
            ClassEvaluation found = report.Classes[i];
            Assert.Equal(classes[i].GetProperty("name").GetString(), dataset.Classes[i].Name);
            Assert.Equal(classes[i].GetProperty("boxes").GetInt32(), found.Boxes);
            Assert.Equal(classes[i].GetProperty("AP").GetDouble(), found.Accuracy.AP, Tolerance);
            Assert.Equal(classes[i].GetProperty("AP50").GetDouble(), found.Accuracy.AP50, Tolerance);
            Assert.Equal(classes[i].GetProperty("AP75").GetDouble(), found.Accuracy.AP75, Tolerance);
            Assert.Equal(classes[i].GetProperty("APs").GetDouble(), found.Accuracy.APSmall, Tolerance);
            Assert.Equal(classes[i].GetProperty("APm").GetDouble(), found.Accuracy.APMedium, Tolerance);
            Assert.Equal(classes[i].GetProperty("APl").GetDouble(), found.Accuracy.APLarge, Tolerance);
            Assert.Equal(classes[i].GetProperty("AR100").GetDouble(), found.Accuracy.AR100, Tolerance);
        }
    }

    private static void CompareStats(JsonElement stats, Accuracy found)
    {
        (string Name, double Value)[] all =
        [
            ("AP", found.AP), ("AP50", found.AP50), ("AP75", found.AP75), ("APs", found.APSmall), ("APm", found.APMedium), ("APl", found.APLarge),
            ("AR1", found.AR1), ("AR10", found.AR10), ("AR100", found.AR100), ("ARs", found.ARSmall), ("ARm", found.ARMedium), ("ARl", found.ARLarge),
        ];
        Assert.All(all, number => Assert.Equal(stats.GetProperty(number.Name).GetDouble(), number.Value, Tolerance));
    }

    private static JsonDocument Expected(string path) => JsonDocument.Parse(File.ReadAllText(path));
}
