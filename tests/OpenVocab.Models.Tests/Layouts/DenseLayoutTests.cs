using OpenCvSharp;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Tests.Layouts;

/// <summary>A box and scores for every anchor, in every arrangement that exporters write.</summary>
public sealed class DenseLayoutTests : IDisposable
{
    private const int Anchors = KnownBoxes.Anchors, Classes = KnownBoxes.Classes;

    /// <summary>float16 has 11 bits: 1/16 of a pixel at 64 and above, 5e-4 of a score.</summary>
    private const float HalfBoxTolerance = 0.07f, HalfScoreTolerance = 5e-4f;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false, false), InlineData(false, false, true), InlineData(false, true, false), InlineData(false, true, true)]
    [InlineData(true, false, false), InlineData(true, false, true), InlineData(true, true, false), InlineData(true, true, true)]
    public void One_output_is_read_whichever_side_the_anchors_are_on(bool anchorsFirst, bool logits, bool named)
    {
        TinyGraph graph = new(batch: null);
        string boxes = graph.ForEach(KnownBoxes.CentersAndSizes(), 4, Anchors);
        string scores = logits ? graph.Logits(KnownBoxes.Logits(), Classes, Anchors) : graph.Scores(KnownBoxes.Probabilities(), Classes, Anchors);
        string all = graph.Join(1, boxes, scores);
        if (anchorsFirst) { graph.Output("out", graph.Swap(all), DataType.Float, null, Anchors, 4 + Classes); }
        else { graph.Output("out", all, DataType.Float, null, null, null); }
        if (named) { graph.Metadata("names", "{0: 'a', 1: 'b', 2: 'c'}"); }

        CheckBatch(graph, logits ? null : 128);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Objectness_multiplies_the_scores(bool anchorsFirst)
    {
        // Three anchors a cell, as the networks with objectness have; what is no object may have any class.
        float[] Three(float[] channels) => [.. channels.Chunk(Anchors).SelectMany(line => line.Concat(line).Concat(line))];
        float[] objectness = [.. Enumerable.Range(0, 3 * Anchors).Select(anchor => anchor is 27 or 112 or 124 ? 0.5f : 0.001f)];
        float[] scores = [.. Three(KnownBoxes.Probabilities()).Select((value, i) => i % (3 * Anchors) is 27 or 112 or 124 ? value : 0.9f)];
        TinyGraph graph = new(batch: null);
        string all = graph.Join(1, graph.ForEach(Three(KnownBoxes.CentersAndSizes()), 4, 3 * Anchors), graph.Scores(objectness, 1, 3 * Anchors), graph.ForEach(scores, Classes, 3 * Anchors));
        graph.Output("out", anchorsFirst ? graph.Swap(all) : all, DataType.Float, null, null, null);

        using Detector unnamed = Load(graph);
        using Detector named = Load(graph.Metadata("names", "['a', 'b', 'c']"));

        using Mat white = KnownBoxes.Picture(255);
        KnownBoxes.Equal(unnamed.Detect(white), 0.5f);
        KnownBoxes.Equal(named.Detect(white), 0.5f);
    }

    public static TheoryData<string, bool, bool, bool> TwoOutputs()
    {
        TheoryData<string, bool, bool, bool> cases = [];
        foreach (string form in new[] { "corners", "centres", "distances" })
        {
            for (int i = 0; i < 8; i++) { cases.Add(form, (i & 1) != 0, (i & 2) != 0, (i & 4) != 0); }
        }
        return cases;
    }

    [Theory, MemberData(nameof(TwoOutputs))]
    public void Boxes_and_scores_apart_are_told_from_each_other(string form, bool scoresFirst, bool boxesAreColumns, bool scoresAreColumns)
    {
        TinyGraph graph = new(batch: null);
        string boxes = graph.ForEach(form switch { "corners" => KnownBoxes.Corners(), "centres" => KnownBoxes.CentersAndSizes(), _ => KnownBoxes.Distances() }, 4, Anchors);
        string scores = graph.Scores(KnownBoxes.Probabilities(), Classes, Anchors);
        void Boxes() => graph.Output("p", boxesAreColumns ? boxes : graph.Swap(boxes), DataType.Float, null, null, null);
        void Scores() => graph.Output("q", scoresAreColumns ? scores : graph.Swap(scores), DataType.Float, null, null, null);
        foreach (Action output in scoresFirst ? (Action[])[Scores, Boxes] : [Boxes, Scores]) { output(); }

        CheckBatch(graph, 128);
    }

    [Theory, InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public void Pictures_are_given_as_the_network_wants_them(bool channelsLast, bool bytes)
    {
        TinyGraph graph = new(batch: null, channelsLast: channelsLast, type: bytes ? DataType.Uint8 : DataType.Float);
        graph.Output("out", graph.Join(1, graph.ForEach(KnownBoxes.CentersAndSizes(), 4, Anchors), graph.Scores(KnownBoxes.Probabilities(), Classes, Anchors)), DataType.Float, null, null, null);

        CheckBatch(graph, 128);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Half_precision_is_widened(bool anchorsFirst)
    {
        TinyGraph graph = new(batch: null, type: DataType.Float16);
        string all = graph.Cast(graph.Join(1, graph.ForEach(KnownBoxes.CentersAndSizes(), 4, Anchors), graph.Scores(KnownBoxes.Probabilities(), Classes, Anchors)), DataType.Float16);
        graph.Output("out", anchorsFirst ? graph.Swap(all) : all, DataType.Float16, null, null, null);
        using Detector detector = Load(graph);
        using Mat white = KnownBoxes.Picture(255);
        FrameResult result = new();

        for (int run = 0; run < 3; run++) { detector.Detect(white, result); }

        Assert.Equal([1, 0, 2], result.Detections.Select(found => found.ClassId));
        Assert.Equal(0.9f, result.Detections[0].Score, HalfScoreTolerance);
        Assert.Equal(88f, result.Detections[1].Box.X2, HalfBoxTolerance);
    }

    [Fact]
    public void A_second_output_that_is_no_part_of_the_boxes_is_ignored()
    {
        TinyGraph graph = new();
        string all = graph.Join(1, graph.ForEach(KnownBoxes.CentersAndSizes(), 4, Anchors), graph.Scores(KnownBoxes.Probabilities(), Classes, Anchors));
        graph.Output("output0", all, DataType.Float, null, null, null).Output("regions", graph.ForEach(new float[80 * Anchors], 80, Anchors), DataType.Float, null, 80, Anchors);
        using Detector detector = Load(graph);
        using Mat white = KnownBoxes.Picture(255);

        KnownBoxes.Equal(detector.Detect(white));
    }

    [Fact]
    public void A_network_for_two_pictures_at_once_takes_one_and_three_as_well()
    {
        TinyGraph graph = new(batch: 2);
        graph.Output("out", graph.Join(1, graph.ForEach(KnownBoxes.CentersAndSizes(), 4, Anchors), graph.Scores(KnownBoxes.Probabilities(), Classes, Anchors)), DataType.Float, 2, 4 + Classes, Anchors);
        using Detector detector = Load(graph);
        using Mat white = KnownBoxes.Picture(255), grey = KnownBoxes.Picture(128);
        FrameResult[] results = [new(), new(), new()];

        detector.Detect([white, grey, white], detector.Vocabulary, results);

        Assert.Equal(2, detector.BatchSize);
        KnownBoxes.Equal(detector.Detect(white));
        KnownBoxes.Equal(results[0]);
        KnownBoxes.Equal(results[1], 128 / 255f);
        KnownBoxes.Equal(results[2]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void In_steady_state_a_frame_of_a_foreign_layout_allocates_nothing(bool multiLabel)
    {
        TinyGraph graph = new(channelsLast: true, type: DataType.Uint8);
        graph.Output("scores", graph.Cast(graph.Swap(graph.Logits(KnownBoxes.Logits(), Classes, Anchors)), DataType.Float16), DataType.Float16, null, null, null);
        graph.Output("boxes", graph.Swap(graph.ForEach(KnownBoxes.Distances(), 4, Anchors)), DataType.Float, null, null, null);
        using Detector detector = Detector.Load(graph.Save(_folder), new DetectorOptions { MultiLabel = multiLabel });
        using Mat white = KnownBoxes.Picture(255);
        FrameResult result = new();

        Assert.Equal(0, ManagedMemory.TakenBy(10, () => detector.Detect(white, result)));
        Assert.Equal(3, result.Detections.Count);
    }

    private Detector Load(TinyGraph graph) => Detector.Load(graph.Save(_folder), new DetectorOptions { BatchSize = 2 });

    private void CheckBatch(TinyGraph graph, byte? second)
    {
        using Detector detector = Load(graph);
        using Mat white = KnownBoxes.Picture(255), other = KnownBoxes.Picture(second ?? 0);
        FrameResult[] results = [new(), new()];
        for (int run = 0; run < 2; run++)
        {
            KnownBoxes.Equal(detector.Detect(white));
            detector.Detect([other, white], detector.Vocabulary, results);
            KnownBoxes.Equal(results[1]);
            KnownBoxes.Equal(results[0], (second ?? 0) / 255f);
        }
    }
}
