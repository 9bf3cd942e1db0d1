using OpenCvSharp;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Tests.Layouts;

/// <summary>Networks that suppress overlaps themselves and give a list.</summary>
public sealed class ListLayoutTests : IDisposable
{
    private const int Slots = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(true, 300), InlineData(false, 300), InlineData(false, 5)]
    public void Rows_of_six_are_corners_score_and_class(bool fixedRows, int count)
    {
        TinyGraph graph = new(batch: null);
        float[] rows = Padded(count);
        string boxes = graph.ForEach(Columns(rows, 0, 4), count, 4), labels = graph.ForEach(Columns(rows, 5, 1), count, 1);
        graph.Output("output0", graph.Join(2, boxes, graph.Scores(Columns(rows, 4, 1), count, 1), labels), DataType.Float, null, fixedRows ? count : null, fixedRows ? 6 : null);

        Check(graph.Metadata("names", "{0: 'a', 1: 'b', 2: 'c'}").Metadata("task", "detect"));
    }

    [Fact]
    public void Two_classes_for_every_anchor_are_no_list_of_rows_of_six()
    {
        const int Anchors = KnownBoxes.Anchors;
        float[] scores = KnownBoxes.Probabilities()[..(2 * Anchors)];
        TinyGraph graph = new();
        graph.Output("out", graph.Swap(graph.Join(1, graph.ForEach(KnownBoxes.CentersAndSizes(), 4, Anchors), graph.Scores(scores, 2, Anchors))), DataType.Float, null, null, null);
        using Detector detector = Detector.Load(graph.Metadata("names", "['a', 'b']").Save(_folder));
        using Mat white = KnownBoxes.Picture(255);

        KnownBoxes.Equal(detector.Detect(white), 1, 0, 1);
    }

    [Theory]
    [InlineData(DataType.Int32, DataType.Int32, false), InlineData(DataType.Int64, DataType.Int64, false), InlineData(DataType.Int32, DataType.Float, false), InlineData(DataType.Int64, DataType.Int32, true)]
    internal void A_padded_list_has_number_boxes_scores_and_labels(DataType numbers, DataType labels, bool otherOrder)
    {
        TinyGraph graph = new(batch: null);
        float[] rows = Padded(Slots);
        // Behind the number lies what must not be read.
        (rows[3 * 6 + 4], rows[4 * 6 + 4]) = (0.95f, 0.95f);
        void Number() => graph.Output("n", graph.Cast(graph.ForEach([3f], 1), numbers), numbers, null, 1);
        void Boxes() => graph.Output("b", graph.ForEach(Columns(rows, 0, 4), Slots, 4), DataType.Float, null, Slots, 4);
        void Scores() => graph.Output("s", graph.Scores(Columns(rows, 4, 1), Slots), DataType.Float, null, Slots);
        void Labels() => graph.Output("l", graph.Cast(graph.ForEach(Columns(rows, 5, 1), Slots), labels), labels, null, Slots);
        foreach (Action output in otherOrder ? (Action[])[Labels, Scores, Boxes, Number] : [Number, Boxes, Scores, Labels]) { output(); }

        Check(graph);
    }

    [Fact]
    public void In_a_flat_list_the_boxes_of_a_picture_follow_those_of_another()
    {
        TinyGraph graph = new(batch: null);
        float[] rows = Padded(3);
        graph.Output("num_dets", graph.Reshape(graph.Cast(graph.ForEach([3f], 1), DataType.Int32), -1), DataType.Int32, (int?)null);
        graph.Output("boxes", graph.Reshape(graph.ForEach(Columns(rows, 0, 4), 3, 4), -1, 4), DataType.Float, null, 4);
        graph.Output("scores", graph.Reshape(graph.Scores(Columns(rows, 4, 1), 3), -1), DataType.Float, (int?)null);
        graph.Output("labels", graph.Reshape(graph.Cast(graph.ForEach(Columns(rows, 5, 1), 3), DataType.Int32), -1), DataType.Int32, (int?)null);

        Check(graph);
    }

    [Fact]
    public void Rows_of_seven_name_their_picture_first()
    {
        TinyGraph graph = new(batch: null);
        float[] rows = Padded(3);
        string pictures = graph.Node("Expand", [graph.Reshape(graph.Indices(), -1, 1, 1), graph.Longs(1, 3, 1)]);
        string all = graph.Join(2, pictures, graph.ForEach(Columns(rows, 5, 1), 3, 1), graph.Scores(Columns(rows, 4, 1), 3, 1), graph.ForEach(Columns(rows, 0, 4), 3, 4));
        graph.Output("batchno_classid_score_x1y1x2y2", graph.Reshape(all, -1, 7), DataType.Float, null, 7);

        Check(graph);
    }

    [Fact]
    public void Without_names_the_classes_of_a_list_are_taken_to_be_those_of_coco()
    {
        TinyGraph graph = new();
        graph.Output("output0", graph.ForEach(Padded(300), 300, 6), DataType.Float, 1, 300, 6);
        using Detector detector = Detector.Load(graph.Save(_folder));
        using Mat white = KnownBoxes.Picture(255);

        FrameResult result = detector.Detect(white);

        Assert.Equal(["bicycle", "person", "car"], result.Detections.Select(result.NameOf));
    }

    private void Check(TinyGraph graph)
    {
        using Detector detector = Detector.Load(graph.Save(_folder), new DetectorOptions { BatchSize = 2 });
        using Mat white = KnownBoxes.Picture(255), grey = KnownBoxes.Picture(128), black = KnownBoxes.Picture(0);
        FrameResult[] results = [new(), new()];
        for (int run = 0; run < 2; run++)
        {
            KnownBoxes.Equal(detector.Detect(white));
            Assert.Empty(detector.Detect(black).Detections);
            detector.Detect([grey, white], detector.Vocabulary, results);
            KnownBoxes.Equal(results[0], 128 / 255f);
            KnownBoxes.Equal(results[1]);
        }
    }

    private static float[] Padded(int count) => [.. KnownBoxes.Rows().SelectMany(row => row), .. new float[(count - 3) * 6]];

    private static float[] Columns(float[] rows, int first, int count) => [.. rows.Chunk(6).SelectMany(row => row[first..(first + count)])];
}
