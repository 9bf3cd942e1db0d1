using System.Text;
using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

/// <summary>Labels and detections in COCO's form: what is read, and what is said of faulty entries.</summary>
public sealed class CocoFilesTests : IDisposable
{
    private const string Images = """ "images": [{"id": 7, "file_name": "b.jpg", "width": 64, "height": 48}, {"id": 3, "file_name": "sub/a.jpg"}] """;
    private const string Categories = """ "categories": [{"id": 90, "name": "toothbrush"}, {"id": 1, "name": "person"}] """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pictures_and_classes_are_in_the_order_of_their_ids_whatever_the_order_of_the_file()
    {
        LabelledDataset read = Labels($$"""{"annotations": [{"id": 5, "image_id": 7, "category_id": 90, "bbox": [1, 2.5, 3, 4], "area": 6, "iscrowd": 1, "segmentation": {"counts": [1, 2]} }], {{Categories}}, {{Images}} }""");
        Assert.Equal(["3", "7"], read.Images.Select(image => image.Id));
        Assert.Equal(["person", "toothbrush"], read.Classes.Select(each => each.Name));
        Assert.Equal(new LabelledBox(1, 1, 1, 2.5, 3, 4) { Area = 6, Kinds = LabelKinds.Crowd }, Assert.Single(read.Labels));
        Assert.Equal(_folder["sub/a.jpg"], read.Images[0].Path);
        Assert.Equal((64, 48), (read.Images[1].Width, read.Images[1].Height));
        Assert.Equal(0, read.Problems.Count);
    }

    [Fact]
    public void Area_and_crowd_may_be_missing()
    {
        LabelledBox box = Assert.Single(Labels(Annotations("""{"id": 5, "image_id": 7, "category_id": 90, "bbox": [1, 2, 3, 4]}""")).Labels);
        Assert.Equal((12, LabelKinds.None), (box.Area, box.Kinds));
    }

    [Theory]
    [InlineData("""{"id": 5, "image_id": 8, "category_id": 1, "bbox": [1, 2, 3, 4]}""", "annotation 5: its image_id is 8; there is no such image; it is left out")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 2, "bbox": [1, 2, 3, 4]}""", "annotation 5: its category_id is 2; there is no such category; it is left out")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, NaN, 3, 4]}""", "annotation 5: its bbox[1] is NaN; it must be a finite number; it is left out")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "area": -Infinity}""", "annotation 5: its area is -Infinity; it must be a finite number; it is left out")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 1e999, 4]}""", "annotation 5: its bbox[2] is 1e999; it must be a finite number; it is left out")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3]}""", "annotation 5: its bbox has 3 numbers; it must have four: x, y, width, height; it is left out")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4, 5, 6]}""", "annotation 5: its bbox has 6 numbers; it must have four: x, y, width, height; it is left out")]
    [InlineData("""{"id": 5, "image_id": 7, "category_id": 1}""", "annotation 5: it has no bbox; it is left out")]
    [InlineData("""{"id": 5, "image_id": 7.5, "category_id": 1, "bbox": [1, 2, 3, 4]}""", "annotation 5: its image_id is 7.5; it must be a whole number or a text; it is left out")]
    [InlineData("""{"image_id": {"a": [1]}, "category_id": 1, "bbox": [1, 2, 3, 4]}""", "the annotation at place 1: its image_id is an object; it must be a whole number or a text; it is left out")]
    [InlineData("17", "the annotation at place 1: it is no object; it is left out")]
    public void Faulty_annotations_are_named_and_left_out(string annotation, string problem)
    {
        LabelledDataset read = Labels(Annotations(annotation + """, {"id": 6, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]}"""));
        Assert.Equal(problem, Assert.Single(read.Problems.First).ToString());
        Assert.Single(read.Labels);
    }

    [Theory]
    [InlineData("[1, 2, -3, 4]", "annotation 5: its box is -3 x 4 pixels: nothing can find it; it counts as missed, as in pycocotools")]
    [InlineData("[1, 2, 3, 0]", "annotation 5: its box is 3 x 0 pixels: nothing can find it; it counts as missed, as in pycocotools")]
    public void Boxes_without_extent_are_named_and_count(string box, string problem)
    {
        LabelledDataset read = Labels(Annotations($$"""{"id": 5, "image_id": 7, "category_id": 1, "bbox": {{box}} }"""));
        Assert.Equal(problem, Assert.Single(read.Problems.First).ToString());
        Assert.Single(read.Labels);
    }

    [Fact]
    public void Double_ids_are_named()
    {
        LabelledDataset read = Labels($$"""
            {"images": [{"id": 7, "file_name": "a.jpg"},
            {"id": 7, "file_name": "b.jpg"}],
            "categories": [{"id": 1, "name": "person"}, {"id": 1, "name": "dog"}],
            "annotations": [{"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]},
            {"id": 5, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]}]}
            """);
        Assert.Equal(
            ["line 2, image 7: its id is there twice; it counts once, as the first has it", "line 3, category 1: its id is there twice; the first one counts", "line 5, annotation 5: its id is there twice; both count, where pycocotools counts the last one twice"],
            read.Problems.First.Select(problem => problem.ToString()));
        Assert.Equal((1, 1, 2), (read.Images.Count, read.Classes.Count, read.Labels.Count));
    }

    [Fact]
    public void Ids_may_be_texts()
    {
        LabelledDataset read = Labels("""{"images": [{"id": "b"}, {"id": "a"}, {"id": 9}], "categories": [{"id": "x", "name": "person"}], "annotations": [{"id": 1, "image_id": "a", "category_id": "x", "bbox": [1, 2, 3, 4]}]}""");
        Assert.Equal(["9", "a", "b"], read.Images.Select(image => image.Id));
        Assert.Equal(1, Assert.Single(read.Labels).Image);
    }

    [Fact]
    public void Marks_of_other_tools_can_be_honoured()
    {
        string json = $$"""{"info": {"exhaustive": ["person"]}, {{Images}}, {{Categories}}, "annotations": [{"id": 1, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "difficult": 1}, {"id": 2, "image_id": 7, "category_id": 90, "bbox": [1, 2, 3, 4]}, {"id": 0, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "ignore": 1}]}""";
        LabelledDataset read = Labels(json);
        Assert.Equal(["person"], read.Classes.Select(each => each.Name));
        Assert.Equal([LabelKinds.Ignored, LabelKinds.Uncredited], read.Labels.Select(label => label.Kinds));
        Assert.Equal(3, read.Notices.Count);
        Assert.Equal(0, read.Problems.Count);

        LabelledDataset plain = Labels(json, new() { IgnoreDifficult = false, OnlyExhaustive = false, UncreditIdZero = false, HonourIgnore = true });
        Assert.Equal([LabelKinds.None, LabelKinds.None, LabelKinds.Ignored], plain.Labels.Select(label => label.Kinds));
        Assert.Empty(plain.Notices);
    }

    [Theory]
    [InlineData("[]", "it holds no object, so it is no COCO file of labels")]
    [InlineData("{\"images\": []}", "it lacks \"categories\" and \"annotations\", so it is no COCO file of labels")]
    [InlineData("{\"images\": {}}", "\"images\" is no list")]
    [InlineData("{\"images\": [", "line 1, byte 13: this is no JSON")]
    [InlineData("", "this is no JSON")]
    [InlineData("{\"images\": [], \"categories\": [], \"annotations\": []} x", "this is no JSON")]
    public void Other_files_are_refused(string json, string message) => Assert.Contains(message, Assert.Throws<SourceException>(() => Labels(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named() => Assert.Contains("there is no such file", Assert.Throws<SourceException>(() => Dataset.Open(_folder["none.json"])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "score": NaN}""", "line 2, detection 2: its score is NaN; it must be a finite number; it is left out")]
    [InlineData("""{"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]}""", "line 2, detection 2: it has no score; it is left out")]
    [InlineData("""{"image_id": 8, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}""", "line 2, detection 2: its image_id is 8; there is no such image; it is left out")]
    [InlineData("""{"image_id": 7, "category_id": 1, "bbox": ["NaN \" NaN", 2, 3, 4], "score": NaN}""", "line 2, detection 2: its bbox[0] is \"NaN \" NaN\"; it must be a finite number; it is left out")]
    public void Faulty_detections_are_named_and_left_out(string detection, string problem)
    {
        LabelledDataset dataset = Labels(Annotations(""));
        DataProblems problems = new();
        IReadOnlyList<ScoredBox> read = CocoDetections.Read(Write("dt.json", $$"""
            [{"image_id": 7, "category_id": 90, "bbox": [1, 2, 3, 4], "score": 0.25, "segmentation": []},
            {{detection}},
            {"image_id": 3.0, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 1}]
            """), dataset, problems);
        Assert.Equal([new ScoredBox(1, 1, 1, 2, 3, 4, 0.25), new ScoredBox(0, 0, 1, 2, 3, 4, 1)], read);
        Assert.Equal(problem, Assert.Single(problems.First).ToString());
    }

    [Fact]
    public void All_problems_are_counted_and_the_first_are_kept()
    {
        DataProblems problems = new();
        Assert.Empty(CocoDetections.Read(Write("dt.json", $"[{string.Join(",\n", Enumerable.Repeat("{}", 5000))}]"), Labels(Annotations("")), problems));
        Assert.Equal((5000, DataProblems.MostKept), (problems.Count, problems.First.Count));
        Assert.Equal("line 1000, detection 1000: it has no score; it is left out", problems.First[^1].ToString());
    }

    [Theory, InlineData("val2017"), InlineData("images/val2017")]
    public void A_folder_in_the_layout_of_coco_is_opened(string pictures)
    {
        Directory.CreateDirectory(_folder["annotations"]);
        Directory.CreateDirectory(_folder[pictures]);
        Write("annotations/instances_val2017.json", Annotations(""));
        LabelledDataset read = Dataset.Open(_folder.Path);
        Assert.Equal(Path.Combine(_folder[pictures], "b.jpg"), read.Images[1].Path);
    }

    [Fact]
    public void Damaged_files_end_in_an_error_of_ours_or_are_read()
    {
        byte[] labels = File.ReadAllBytes(Golden.Path("coco-eval", "lvis-federated.gt.json"))[..4000], detections = File.ReadAllBytes(Golden.Path("coco-eval", "simple.dt.json"));
        byte[] head = Encoding.UTF8.GetBytes($$"""{ {{Images}}, {{Categories}}, "annotations": [{"id": 5, "image_id": 7, "category_id": 90, "bbox": [1, 2, 3, 4], "area": NaN}], "info": {"exhaustive": ["person"]}, "more": """);
        LabelledDataset dataset = Labels(Annotations(""));
        Random random = new(5);
        int read = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = round % 3 == 0 ? [.. detections] : round % 3 == 1 ? [.. head, .. labels] : [.. head, (byte)'1', (byte)'}'];
            for (int change = random.Next(4); change >= 0; change--) { bytes[random.Next(bytes.Length)] = (byte)random.Next(256); }
            File.WriteAllBytes(_folder["x.json"], bytes);
            try
            {
                _ = round % 3 == 0 ? CocoDetections.Read(_folder["x.json"], dataset, new()).Count : Dataset.Open(_folder["x.json"]).Labels.Count;
                read++;
            }
            catch (SourceException) { }
        }
        Assert.InRange(read, 10, 2990);
    }

    private static string Annotations(string annotations) => $$"""{ {{Images}}, {{Categories}}, "annotations": [{{annotations}}]}""";

    private LabelledDataset Labels(string json, DatasetOptions? options = null) => Dataset.Open(Write("gt.json", json), options);

    private string Write(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        return _folder[name];
    }
}
