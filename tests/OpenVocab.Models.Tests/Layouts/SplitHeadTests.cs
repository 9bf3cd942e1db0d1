using OpenCvSharp;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Tests.Layouts;

/// <summary>Maps of each level, as exports for accelerators have them.</summary>
public sealed class SplitHeadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Scores and boxes apart (RKNN): 6 maps, or 9 with the sum of the scores, which is ignored.</summary>
    [Theory]
    [InlineData(false, false, false, false), InlineData(true, false, false, false), InlineData(false, true, false, true), InlineData(true, true, true, true), InlineData(false, false, true, false)]
    public void Maps_of_scores_and_maps_of_boxes_make_pairs(bool withSum, bool bins, bool boxesFirst, bool logits)
    {
        TinyGraph graph = new(batch: null);
        for (int level = 0; level < 3; level++)
        {
            (int height, int width, _, _) = KnownBoxes.Levels[level];
            float[] scores = KnownBoxes.OfLevel(logits ? KnownBoxes.Logits() : KnownBoxes.Probabilities(), level), boxes = KnownBoxes.OfLevel(bins ? KnownBoxes.DistanceBins() : KnownBoxes.Distances(), level);
            string map = logits ? graph.Logits(scores, 3, height, width) : graph.Scores(scores, 3, height, width);
            void Scores() => graph.Output($"s{level}", map, DataType.Float, null, 3, height, width);
            void Boxes() => graph.Output($"b{level}", graph.ForEach(boxes, boxes.Length / (height * width), height, width), DataType.Float, null, null, height, width);
            foreach (Action output in boxesFirst ? (Action[])[Boxes, Scores] : [Scores, Boxes]) { output(); }
            if (withSum) { graph.Output($"sum{level}", graph.ForEach(new float[height * width], 1, height, width), DataType.Float, null, 1, height, width); }
        }

        Check(graph, logits);
    }

    /// <summary>One map a level: bins or distances before the scores or behind them, channels first or last (AXERA).</summary>
    [Theory]
    [InlineData(true, true, true, true), InlineData(true, false, false, true), InlineData(true, false, true, true), InlineData(false, false, false, true), InlineData(false, true, true, false)]
    public void One_map_a_level_is_split_into_boxes_and_scores(bool bins, bool channelsLast, bool boxesFirst, bool named)
    {
        TinyGraph graph = new(batch: null, channelsLast: channelsLast, type: channelsLast ? DataType.Uint8 : DataType.Float);
        // Coarsest first: the order of the file does not matter.
        for (int level = 2; level >= 0; level--)
        {
            (int height, int width, _, _) = KnownBoxes.Levels[level];
            int anchors = height * width;
            float[] boxes = KnownBoxes.OfLevel(bins ? KnownBoxes.DistanceBins() : KnownBoxes.Distances(), level);
            string boxMap = graph.ForEach(boxes, boxes.Length / anchors, anchors), scoreMap = graph.Logits(KnownBoxes.OfLevel(KnownBoxes.Logits(), level), 3, anchors);
            string all = boxesFirst ? graph.Join(1, boxMap, scoreMap) : graph.Join(1, scoreMap, boxMap);
            int channels = boxes.Length / anchors + 3;
            if (channelsLast) { graph.Output($"stride{level}", graph.Reshape(graph.Swap(all), -1, height, width, channels), DataType.Float, null, height, width, channels); }
            else { graph.Output($"level{level}", graph.Reshape(all, -1, channels, height, width), DataType.Float, null, channels, height, width); }
        }
        if (named) { graph.Metadata("names", "['a', 'b', 'c']"); }

        Check(graph, logits: true);
    }

    private void Check(TinyGraph graph, bool logits)
    {
        using Detector detector = Detector.Load(graph.Save(_folder), new DetectorOptions { BatchSize = 2 });
        using Mat white = KnownBoxes.Picture(255), other = KnownBoxes.Picture((byte)(logits ? 0 : 128));
        FrameResult[] results = [new(), new()];

        KnownBoxes.Equal(detector.Detect(white));
        detector.Detect([other, white], detector.Vocabulary, results);

        KnownBoxes.Equal(results[0], logits ? 0 : 128 / 255f);
        KnownBoxes.Equal(results[1]);
        Assert.Equal(3, detector.Vocabulary.Classes.Count);
    }
}
