using System.Numerics.Tensors;
using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Prompts;

namespace OpenVocab.Tests;

/// <summary>What a detection was before it met words, asked later, has the score that the detector gives: with the embedded model. (With an imported YOLO-World: RegionImportTests.)</summary>
public sealed class RegionTests : IDisposable
{
    private const float Rounding = 1e-4f;

    private readonly Detector _detector = Detector.Load(new DetectorOptions { MinScore = 0.05f, MultiLabel = true });

    public void Dispose() => _detector.Dispose();

    [Theory, InlineData("dogs.jpg"), InlineData("cat.jpg"), InlineData("fruits.jpg"), InlineData("pedestrians-frame-0120.jpg")]
    public void A_region_asked_later_has_the_score_of_its_detection(string picture)
    {
        Vocabulary words = _detector.Encode(PromptSet.Parse("person, dog, cat, fruit, red backpack"));
        FrameResult result = new() { Regions = new() };
        using Mat pixels = ImageFile.Read(RepositoryFiles.Get("samples", "media", picture));

        _detector.Detect(pixels, words, result);

        float[] queries = _detector.QueriesOf(words);
        RegionSpace space = _detector.RegionSpace;
        Assert.Equal(new RegionSpace(80, RegionForm.Exponential), space);
        Assert.NotEmpty(result.Detections);
        Assert.Equal(result.Detections.Count, result.Regions.Count);
        for (int i = 0; i < result.Detections.Count; i++)
        {
            float product = TensorPrimitives.Dot(result.Regions[i], queries.AsSpan(result.Detections[i].ClassId * space.Dimensions, space.Dimensions));
            Assert.Equal(result.Detections[i].Score, space.Probability(product), Rounding);
            Assert.Equal(product, space.Product(space.Probability(product)), 1e-3f);
        }
    }

    [Fact]
    public void Asking_for_regions_changes_no_detection_and_may_begin_and_end_at_any_frame()
    {
        using Mat pixels = ImageFile.Read(RepositoryFiles.Get("samples", "media", "dogs.jpg")), other = ImageFile.Read(RepositoryFiles.Get("samples", "media", "cat.jpg"));
        FrameResult without = _detector.Detect(pixels), with = new() { Regions = new() };

        for (int run = 0; run < 3; run++)
        {
            _detector.Detect(pixels, with);
            Assert.Equal(without.Detections, with.Detections);
            float[] first = with.Regions[0].ToArray();
            _detector.Detect(other, with);
            Assert.NotEqual(first, with.Regions[0].ToArray());
            Assert.Equal(without.Detections, _detector.Detect(pixels).Detections);
        }
    }

    /// <summary>Nothing before the last step looks at the words: with any guide an index holds the same regions of the same boxes.</summary>
    [Fact]
    public void What_a_region_is_does_not_depend_on_the_words()
    {
        using Mat pixels = ImageFile.Read(RepositoryFiles.Get("samples", "media", "dogs.jpg"));
        FrameResult dogs = new() { Regions = new() }, animals = new() { Regions = new() };

        _detector.Detect(pixels, _detector.Encode(PromptSet.Of("dog")), dogs);
        _detector.Detect(pixels, _detector.Encode(PromptSet.Of("cat", "puppy", "hat", "car")), animals);

        int same = 0;
        for (int i = 0; i < dogs.Detections.Count; i++)
        {
            for (int j = 0; j < animals.Detections.Count; j++)
            {
                if (dogs.Detections[i].Box != animals.Detections[j].Box) { continue; }
                Assert.Equal(dogs.Regions[i].ToArray(), animals.Regions[j].ToArray());
                same++;
            }
        }
        Assert.True(same > 0);
    }

    [Fact]
    public void In_steady_state_a_frame_with_regions_allocates_nothing()
    {
        using Mat pixels = ImageFile.Read(RepositoryFiles.Get("samples", "media", "dogs.jpg"));
        FrameResult result = new() { Regions = new() };

        Assert.Equal(0, ManagedMemory.TakenBy(10, () => _detector.Detect(pixels, result)));
    }
}
