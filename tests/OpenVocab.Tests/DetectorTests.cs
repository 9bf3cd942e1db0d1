using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Inference;
using OpenVocab.Prompts;

namespace OpenVocab.Tests;

/// <summary>The embedded model on the sample pictures: what it finds is compared with boxes that were drawn by hand.</summary>
public sealed class DetectorTests : IDisposable
{
    // In float32 all machines see the same.
    private readonly Detector _detector = Detector.Load(new DetectorOptions { Precision = ExecutionPrecision.Full });

    public void Dispose() => _detector.Dispose();

    [Theory]
    [InlineData("dogs.jpg", "dog", 2), InlineData("cat.jpg", "cat", 1), InlineData("nuthatch.jpg", "bird", 1), InlineData("pedestrians-frame-0120.jpg", "person", 7)]
    public void Things_are_found_where_a_person_drew_them(string picture, string name, int least)
    {
        _detector.SetClasses(name);

        FrameResult result = _detector.Detect(Sample(picture));

        IReadOnlyList<Box> drawn = SampleLabels.Read(picture, name);
        Assert.InRange(result.Detections.Count(found => drawn.Any(box => SampleLabels.Overlap(box, found.Box) > 0.5)), least, drawn.Count);
        Assert.All(result.Detections, found => Assert.Equal(name, result.NameOf(found)));
    }

    [Theory]
    [InlineData("dogs.jpg", "dog", 1), InlineData("cat.jpg", "cat", 1), InlineData("nuthatch.jpg", "bird", 1), InlineData("pedestrians-frame-0120.jpg", "person", 7)]
    public void In_8_bits_all_but_a_weak_one_are_found_as_well(string picture, string name, int least)
    {
        if (!ProcessorFeatures.Here.HasDotProduct) { Assert.Skip("this processor has no instructions for 8-bit networks"); }
        using Detector rough = Detector.Load(new DetectorOptions { Precision = ExecutionPrecision.Quantized });
        rough.SetClasses(name);

        FrameResult result = rough.Detect(Sample(picture));

        Assert.InRange(result.Detections.Count(found => SampleLabels.Read(picture, name).Any(box => SampleLabels.Overlap(box, found.Box) > 0.5)), least, int.MaxValue);
        Assert.InRange(result.Detections.Count, least, SampleLabels.Read(picture, name).Count + 1);
    }

    [Fact]
    public void Words_that_mean_the_same_find_the_same()
    {
        _detector.SetClasses("dog");
        FrameResult dogs = _detector.Detect(Sample("dogs.jpg"));

        _detector.SetClasses("puppy");
        FrameResult puppies = _detector.Detect(Sample("dogs.jpg"));

        Assert.Equal(dogs.Detections.Count, puppies.Detections.Count);
        Assert.All(dogs.Detections.Zip(puppies.Detections), pair => Assert.True(SampleLabels.Overlap(pair.First.Box, pair.Second.Box) > 0.9));
    }

    [Fact]
    public void Synonyms_are_one_class_and_give_one_box()
    {
        _detector.SetClasses(new PromptSet([new("animal") { Prompts = ["dog", "puppy", "hound"] }]));

        FrameResult result = _detector.Detect(Sample("dogs.jpg"));

        Assert.All(SampleLabels.Read("dogs.jpg", "dog"), box => Assert.Single(result.Detections, found => SampleLabels.Overlap(box, found.Box) > 0.5));
        Assert.All(result.Detections, found => Assert.Equal("animal", result.NameOf(found)));
    }

    [Fact]
    public void A_background_prompt_takes_regions_away_and_is_never_reported()
    {
        _detector.SetClasses(new PromptSet([new("cat")], background: ["dog"]));

        Assert.Empty(_detector.Detect(Sample("dogs.jpg")).Detections);
    }

    [Fact]
    public void A_threshold_of_its_own_silences_one_class()
    {
        _detector.SetClasses(PromptSet.Parse("dog:0.99, cat"));

        Assert.Empty(_detector.Detect(Sample("dogs.jpg")).Detections);
    }

    [Fact]
    public void Unknown_words_are_named_once()
    {
        Vocabulary vocabulary = _detector.SetClasses("red xyzzyplugh", "blue xyzzyplugh", "dog");

        Assert.Equal(["xyzzyplugh"], vocabulary.UnknownWords);
    }

    [Fact]
    public void The_same_set_again_is_the_same_vocabulary()
    {
        Vocabulary first = _detector.SetClasses("dog", "cat");
        _detector.SetClasses("bird");

        Assert.Same(first, _detector.SetClasses("dog", "cat"));
    }

    [Fact]
    public void Embeddings_are_those_of_the_golden_prompts()
    {
        using System.Text.Json.JsonDocument golden = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Get("models", "default", "text-encoder-golden.json")));
        foreach (System.Text.Json.JsonElement row in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string prompt = row.GetProperty("prompt").GetString()!;
            if (prompt.Length == 0) { continue; } // no class of ours may be empty
            Vocabulary vocabulary = _detector.Encode(new PromptSet([new(prompt)], templates: ["{}"]));

            double norm = row.GetProperty("norm").GetDouble();
            float[] expected = [.. row.GetProperty("head").EnumerateArray().Select(value => (float)(value.GetDouble() / norm))];
            for (int i = 0; i < expected.Length; i++) { Assert.Equal(expected[i], vocabulary.Embeddings[i], 2e-4f); }
        }
    }

    [Fact]
    public void Templates_are_averaged_and_the_row_is_a_unit_vector()
    {
        float[] one = _detector.Encode(new PromptSet([new("dog")], templates: ["a {}"])).Embeddings.ToArray();
        float[] two = _detector.Encode(new PromptSet([new("dog")], templates: ["a photo of a {}"])).Embeddings.ToArray();

        float[] both = _detector.Encode(new PromptSet([new("dog")], templates: ["a {}", "a photo of a {}"])).Embeddings.ToArray();

        float[] mean = [.. one.Zip(two, (a, b) => (a + b) / 2)];
        double norm = Math.Sqrt(mean.Sum(value => (double)value * value));
        for (int i = 0; i < both.Length; i++) { Assert.Equal(mean[i] / norm, both[i], 1e-5); }
    }

    [Fact]
    public void Grey_four_channel_and_16_bit_pictures_give_the_boxes_of_the_colour_picture()
    {
        _detector.SetClasses("dog");
        using Mat picture = ImageFile.Read(Sample("dogs.jpg"));
        using Mat alpha = new();
        using Mat wide = new();
        Cv2.CvtColor(picture, alpha, ColorConversionCodes.BGR2BGRA);
        picture.ConvertTo(wide, MatType.CV_16U, 257);

        IReadOnlyList<Detection> expected = _detector.Detect(picture).Detections;

        Assert.Equal(expected, _detector.Detect(alpha).Detections);
        Assert.Equal(expected, _detector.Detect(wide).Detections);
        using Mat grey = new();
        Cv2.CvtColor(picture, grey, ColorConversionCodes.BGR2GRAY);
        Assert.Equal(expected.Count, _detector.Detect(grey).Detections.Count);
    }

    [Theory, InlineData(1280, 720), InlineData(2000, 100), InlineData(100, 2000), InlineData(3, 2)]
    public void A_minimal_rectangle_is_never_smaller_than_the_network_takes(int width, int height)
    {
        using Detector detector = Detector.Load(new DetectorOptions { MinimalRectangle = true });
        using Mat dogs = ImageFile.Read(Sample("dogs.jpg"));
        using Mat picture = new();
        Cv2.Resize(dogs, picture, new Size(width, height));

        FrameResult result = detector.Detect(picture);

        Assert.All(result.Detections, found => Assert.True(found.Box is { X1: >= 0, Y1: >= 0 } && found.Box.X2 <= width && found.Box.Y2 <= height));
    }

    [Fact]
    public void A_minimal_rectangle_finds_what_the_square_finds()
    {
        using Detector detector = Detector.Load(new DetectorOptions { MinimalRectangle = true });
        _detector.SetClasses("person");
        detector.SetClasses("person");

        int square = _detector.Detect(Sample("pedestrians-frame-0120.jpg")).Detections.Count, rectangle = detector.Detect(Sample("pedestrians-frame-0120.jpg")).Detections.Count;

        Assert.InRange(rectangle, square - 2, square + 2);
    }

    [Fact]
    public void Pictures_that_are_none_are_refused()
    {
        using Mat empty = new();
        using Mat floats = new(10, 10, MatType.CV_32FC3, Scalar.All(0));

        Assert.Throws<ArgumentException>(() => _detector.Detect(empty));
        Assert.Contains("CV_32FC3", Assert.Throws<ArgumentException>(() => _detector.Detect(floats)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_threads_and_changing_words_see_one_whole_set_at_a_time()
    {
        using Mat picture = ImageFile.Read(Sample("dogs.jpg"));
        Vocabulary dogs = _detector.Encode(PromptSet.Of("dog")), many = _detector.Encode(PromptSet.Of("cat", "bird", "dog"));
        _detector.SetClasses("dog");
        using CancellationTokenSource stop = new();
        Task changer = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _detector.SetClasses("dog");
                _detector.SetClasses("cat", "bird", "dog");
            }
        }, TestContext.Current.CancellationToken);

        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            FrameResult result = i % 2 == 0 ? _detector.Detect(picture) : _detector.Detect(picture, i % 4 == 1 ? dogs : many);
            Assert.NotEmpty(result.Detections);
            Assert.All(result.Detections, found => Assert.Equal("dog", result.NameOf(found)));
        });
        await stop.CancelAsync();
        await changer;
    }

    [Fact]
    public void A_result_that_is_used_again_holds_only_the_last_picture()
    {
        _detector.SetClasses("dog");
        using Mat dogs = ImageFile.Read(Sample("dogs.jpg"));
        using Mat cat = ImageFile.Read(Sample("rocket.jpg"));
        FrameResult result = new();
        _detector.Detect(dogs, result);
        Assert.NotEmpty(result.Detections);

        _detector.Detect(cat, result);

        Assert.Empty(result.Detections);
        Assert.Equal((cat.Width, cat.Height), (result.Width, result.Height));
    }

    [Fact]
    public void In_steady_state_a_frame_allocates_nothing()
    {
        _detector.SetClasses("person", "dog");
        using Mat picture = ImageFile.Read(Sample("dogs.jpg"));
        FrameResult result = new();

        Assert.Equal(0, ManagedMemory.TakenBy(10, () => _detector.Detect(picture, result)));
    }

    [Fact]
    public void A_disposed_detector_says_so_and_holds_nothing()
    {
        Detector detector = Detector.Load();
        using Mat picture = ImageFile.Read(Sample("cat.jpg"));
        detector.Detect(picture);

        detector.Dispose();
        detector.Dispose();

        Assert.Throws<ObjectDisposedException>(() => detector.Detect(picture));
    }

    [Theory, InlineData(256), InlineData(672)]
    public void An_input_size_that_the_model_does_not_take_is_refused(int side)
    {
        ModelException thrown = Assert.Throws<ModelException>(() => Detector.Load(new DetectorOptions { ImageSize = new(side) }));

        Assert.Contains($"{side}x{side} was asked for; this model takes sides from 320 to 640", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cuda_is_an_error_where_it_cannot_be_had()
    {
        ModelException thrown = Assert.Throws<ModelException>(() => Detector.Load(new DetectorOptions { Device = OpenVocab.Inference.ExecutionDevice.Cuda }));

        Assert.Contains("Cuda was asked for", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faulty_options_are_reported_together()
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => Detector.Load(new DetectorOptions { MinScore = float.NaN, MaxDetections = 0, Threads = -1 }));

        foreach (string part in new[] { "MinScore is NaN", "MaxDetections is 0", "Threads is -1" }) { Assert.Contains(part, thrown.Message, StringComparison.Ordinal); }
    }

    private static string Sample(string name) => RepositoryFiles.Get("samples", "media", name);
}
