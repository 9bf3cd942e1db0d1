using System.Numerics.Tensors;
using OpenCvSharp;
using OpenVocab.Prompts;

namespace OpenVocab.Models.Tests;

/// <summary>An imported YOLO-World: what a detection was before it met words, asked later, has the score that the detector gives.</summary>
public sealed class RegionImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("tiny-worldv2"), InlineData("tiny-world")]
    public void A_region_asked_later_has_the_score_of_its_detection(string checkpoint)
    {
        ModelImporter.Import(Golden.Path("yolo-world", checkpoint + ".pt"), _folder["bundle"], new() { Regions = true });
        using Detector detector = Detector.Load(_folder["bundle"], new() { MinScore = 0.0001f, MultiLabel = true });
        using Mat noise = TestPictures.Noise(320, 256);
        Vocabulary words = detector.Vocabulary;
        FrameResult result = new() { Regions = new() };

        detector.Detect(noise, words, result);

        RegionSpace space = detector.RegionSpace;
        float[] queries = detector.QueriesOf(words);
        Assert.Equal((RegionForm.Logistic, words.Dimensions + 1), (space.Form, space.Dimensions));
        Assert.NotEmpty(result.Detections);
        float largest = 0;
        for (int i = 0; i < result.Detections.Count; i++)
        {
            float product = TensorPrimitives.Dot(result.Regions[i], queries.AsSpan(result.Detections[i].ClassId * space.Dimensions, space.Dimensions));
            Assert.Equal(result.Detections[i].Score, space.Probability(product), 1e-4f);
            float[] stored = [.. result.Regions[i].ToArray().Select(value => (float)(Half)value)];
            float later = space.Probability(TensorPrimitives.Dot<float>(stored, queries.AsSpan(result.Detections[i].ClassId * space.Dimensions, space.Dimensions)));
            largest = Math.Max(largest, Math.Abs(later - result.Detections[i].Score));
        }
        // As an index keeps them: a bias between 8 and 16 is off by 2^-8 at most, and a probability by a quarter of that.
        Assert.InRange(largest, 0, 1e-3f);
        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"stored in half precision: largest difference {largest}"));
    }

    /// <summary>Its neck looks at the words: a region that was seen while others were looked for is near what it would have been, and not equal. docs/ask.md says how near.</summary>
    [Theory, InlineData("tiny-worldv2"), InlineData("tiny-world")]
    public void The_words_that_guide_a_YOLO_World_change_what_a_region_is(string checkpoint)
    {
        ModelImporter.Import(Golden.Path("yolo-world", checkpoint + ".pt"), _folder["bundle"], new() { Regions = true });
        using Detector detector = Detector.Load(_folder["bundle"], new() { MinScore = 0, IouThreshold = 1, MaxDetections = 30_000, AgnosticNms = true });
        using Mat noise = TestPictures.Noise(320, 256);
        Vocabulary own = detector.Vocabulary, one = detector.Encode(PromptSet.Of(own.Classes[0].Name));
        FrameResult guided = new() { Regions = new() }, alone = new();
        detector.Detect(noise, own, guided);
        detector.Detect(noise, one, alone);

        RegionSpace space = detector.RegionSpace;
        float[] query = detector.QueriesOf(one);
        List<float> differences = [];
        for (int i = 0; i < guided.Detections.Count; i++)
        {
            Box box = guided.Detections[i].Box;
            if (alone.Detections.MaxBy(found => found.Box.Overlap(box)) is var same && same.Box.Overlap(box) > 0.98f) { differences.Add(MathF.Abs(same.Score - space.Probability(TensorPrimitives.Dot(guided.Regions[i], query)))); }
        }

        Assert.True(differences.Count > 100, $"{differences.Count} boxes of {guided.Detections.Count} are the same");
        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"{differences.Count} of {guided.Detections.Count} boxes, scores to {alone.Detections.Max(found => found.Score)}: mean difference {differences.Average()}, largest {differences.Max()}"));
        Assert.True(differences.Max() > 1e-6f);
    }

    [Fact]
    public void Without_regions_the_detector_says_how_to_import_it()
    {
        ModelImporter.Import(Golden.Path("yolo-world", "tiny-worldv2.pt"), _folder["bundle"]);
        using Detector detector = Detector.Load(_folder["bundle"]);

        Assert.Contains("has no output \"regions\"", Assert.Throws<ModelException>(() => detector.RegionSpace).Message, StringComparison.Ordinal);
    }
}
