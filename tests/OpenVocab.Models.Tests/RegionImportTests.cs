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
        for (int i = 0; i < result.Detections.Count; i++)
        {
            float product = TensorPrimitives.Dot(result.Regions[i], queries.AsSpan(result.Detections[i].ClassId * space.Dimensions, space.Dimensions));
            Assert.Equal(result.Detections[i].Score, space.Probability(product), 1e-4f);
        }
    }

    [Fact]
    public void Without_regions_the_detector_says_how_to_import_it()
    {
        ModelImporter.Import(Golden.Path("yolo-world", "tiny-worldv2.pt"), _folder["bundle"]);
        using Detector detector = Detector.Load(_folder["bundle"]);

        Assert.Contains("has no output \"regions\"", Assert.Throws<ModelException>(() => detector.RegionSpace).Message, StringComparison.Ordinal);
    }
}
