using System.Text.Json;
using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Tests.Sinks;

public sealed class DataSinkTests : IDisposable
{
    private static readonly Vocabulary s_words = TestResults.VocabularyOf("person", "bag, \"red\"");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_json_line_has_the_documented_form()
    {
        using MemoryStream stream = new();
        using JsonLinesSink sink = new(stream);
        FrameResult result = TestResults.Result(s_words, 768, 576, new Detection(0, 0.87f, new Box(1.234f, 2, 3.5f, 4)), new Detection(1, 0.5f, new Box(5, 6, 7, 8), 12));
        result.Timings = new(TimeSpan.FromMilliseconds(0.8), TimeSpan.FromMilliseconds(20.1), TimeSpan.FromMilliseconds(0.2));

        Run(sink, "a.mp4", result, index: 7, seconds: 0.28);

        Assert.Equal(
            """{"source":"a.mp4","frame":7,"time":0.28,"width":768,"height":576,"detections":[{"class":"person","classId":0,"score":0.87,"box":[1.23,2,3.5,4]},{"class":"bag, \"red\"","classId":1,"score":0.5,"box":[5,6,7,8],"trackId":12}],"timings":{"preprocess":0.8,"inference":20.1,"postprocess":0.2}}""" + "\n",
            System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void A_csv_line_quotes_what_must_be_quoted()
    {
        using CsvSink sink = new(_folder["a.csv"]);

        Run(sink, "a,b.jpg", TestResults.Result(s_words, 64, 48, new Detection(1, 0.25f, new Box(1, 2, 3, 4.5f))));

        Assert.Equal(
            "source,frame,time,class,classId,score,x1,y1,x2,y2,trackId\r\n\"a,b.jpg\",0,0,\"bag, \"\"red\"\"\",1,0.25,1,2,3,4.5,\r\n",
            File.ReadAllText(_folder["a.csv"]));
        Assert.Equal([_folder["a.csv"]], sink.Files);
    }

    [Fact]
    public void Coco_results_have_the_number_of_the_picture_and_a_companion_that_explains_the_ids()
    {
        using CocoResultsSink sink = new(_folder["r.json"]);

        Run(sink, "000000000139.jpg", TestResults.Result(s_words, 64, 48, new Detection(1, 0.25f, new Box(1, 2, 11, 22))));

        using JsonDocument results = JsonDocument.Parse(File.ReadAllBytes(_folder["r.json"]));
        using JsonDocument ids = JsonDocument.Parse(File.ReadAllBytes(_folder["r.images.json"]));
        Assert.Equal("""[{"image_id":139,"category_id":2,"bbox":[1,2,10,20],"score":0.25}]""", results.RootElement.GetRawText());
        Assert.Equal("bag, \"red\"", ids.RootElement.GetProperty("categories")[1].GetProperty("name").GetString());
        Assert.Equal(139, ids.RootElement.GetProperty("images")[0].GetProperty("id").GetInt32());
    }

    [Theory, InlineData(false, "zidane.txt"), InlineData(true, "zidane-conf.txt")]
    public void Yolo_labels_equal_the_reference_to_the_letter(bool scores, string golden)
    {
        FrameResult result = ReferenceResult();
        using YoloTextSink sink = new(_folder.Path, scores);

        Run(sink, "zidane.jpg", result);

        Assert.Equal(File.ReadAllText(Golden.Path("labels", golden)), File.ReadAllText(Path.Combine(_folder.Path, "labels", "zidane.txt")));
    }

    [Fact]
    public void A_rerun_replaces_labels_and_a_frame_without_detections_has_none()
    {
        foreach (int _ in new[] { 1, 2 })
        {
            using YoloTextSink sink = new(_folder.Path);
            Run(sink, "a.jpg", TestResults.Result(s_words, 100, 100, new Detection(0, 0.9f, new Box(0, 0, 50, 50))));
            Run(sink, "b.jpg", TestResults.Result(s_words, 100, 100));
        }

        Assert.Equal("0 0.25 0.25 0.5 0.5\n", File.ReadAllText(Path.Combine(_folder.Path, "labels", "a.txt")));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "labels", "b.txt")));
    }

    [Fact]
    public void Crops_are_cut_where_the_reference_cuts()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("labels", "zidane-crops.json")));
        JsonElement[] rows = [.. Rows(golden.RootElement)];
        FrameResult result = ReferenceResult();

        Assert.Equal(result.Items.Count, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            int[] expected = [.. rows[i].EnumerateArray().Select(number => number.GetInt32())];
            OpenCvSharp.Rect cut = CropSink.Cut(result.Items[i].Box, result.Width, result.Height);
            int[] actual = [cut.Left, cut.Top, cut.Right, cut.Bottom];
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Two_pictures_of_one_name_do_not_overwrite_each_other()
    {
        using AnnotatedPictureSink sink = new(_folder.Path);
        FrameResult result = TestResults.Result(s_words, 64, 48);

        Run(sink, "x/a.png", result);
        Run(sink, "y/a.png", result);

        Assert.Equal([_folder["a.png"], _folder["a-2.png"]], sink.Files);
    }

    [Fact]
    public void An_input_is_never_overwritten()
    {
        using AnnotatedPictureSink sink = new(_folder.Path);

        Run(sink, _folder["a.png"], TestResults.Result(s_words, 64, 48));

        Assert.Equal([_folder["a-2.png"]], sink.Files);
    }

    [Fact]
    public void What_is_not_completed_leaves_nothing()
    {
        using (JsonLinesSink sink = new(_folder["a.jsonl"]))
        {
            sink.BeginSource(new() { Name = "a.jpg", Kind = SourceKind.Picture });
            using Frame frame = TestResults.Frame(64, 48);
            sink.Write(frame, TestResults.Result(s_words, 64, 48));
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Every_format_of_the_list_writes_into_a_folder_that_is_not_writable_and_says_so()
    {
        File.WriteAllText(_folder["file"], "in the way");
        foreach (string format in ResultFormats.Names)
        {
            SinkException thrown = Assert.Throws<SinkException>(() =>
            {
                foreach (FileSink sink in ResultFormats.Create(format, _folder["file"]))
                {
                    using (sink) { Run(sink, "a.jpg", TestResults.Result(s_words, 64, 48, new Detection(0, 0.9f, new Box(0, 0, 50, 40)))); }
                }
            });
            Assert.Contains(_folder["file"], thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0.0000625, "6.25e-05"), InlineData(0.5, "0.5"), InlineData(0, "0"), InlineData(1, "1"), InlineData(0.1234567, "0.123457")]
    [InlineData(0.00012345678, "0.000123457"), InlineData(123456.7, "123457"), InlineData(1234567, "1.23457e+06"), InlineData(-0.25, "-0.25")]
    public void Numbers_are_written_as_C_writes_them(double number, string text) => Assert.Equal(text, GeneralFormat.Write(number));

    private static void Run(FileSink sink, string name, FrameResult result, long index = 0, double seconds = 0)
    {
        SourceInfo source = new() { Name = name, Kind = SourceKind.Picture, Path = name };
        using Frame frame = TestResults.Frame(result.Width, result.Height, index, seconds);
        sink.BeginSource(source);
        sink.Write(frame, result);
        sink.EndSource(new SourceReport { Source = source, Frames = 1 });
        sink.Complete();
    }

    /// <summary>The detections behind the golden labels, from the reference's own summary of them.</summary>
    private static FrameResult ReferenceResult()
    {
        string arrays = SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "yolov8n-world.k3-rect.npz");
        float[][] rows = [.. OpenVocab.Bundles.NpzFile.Read(arrays)["boxes_default_0"].ToFloats().Chunk(6)];
        return TestResults.Result(
            TestResults.VocabularyOf("red bus", "person", "traffic light"), 1280, 720,
            [.. rows.Select(row => new Detection((int)row[5], row[4], new Box(row[0], row[1], row[2], row[3])))]);
    }

    private static IEnumerable<JsonElement> Rows(JsonElement root)
    {
        JsonElement list = root.ValueKind == JsonValueKind.Array ? root : root.EnumerateObject().First(entry => entry.Value.ValueKind == JsonValueKind.Array).Value;
        return list.EnumerateArray().Select(row => row.ValueKind == JsonValueKind.Array ? row : row.EnumerateObject().First(entry => entry.Value.ValueKind == JsonValueKind.Array).Value);
    }
}
