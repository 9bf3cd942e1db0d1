using System.Text.Json;
using OpenCvSharp;
using OpenVocab.Clip;
using OpenVocab.Counting;
using OpenVocab.Imaging;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Models.Tests.Clip;

public sealed class DetectionVerifierTests(ClipBundle clip) : IClassFixture<ClipBundle>, IDisposable
{
    private static readonly string s_picture = RepositoryFiles.Get("samples", "media", "dogs.jpg");
    private static readonly Box s_left = new(20, 30, 120, 400), s_right = new(300, 200, 700, 260);

    private readonly TemporaryFolder _folder = new();
    private readonly Mat _picture = ImageFile.Read(s_picture);

    public void Dispose()
    {
        _picture.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Each_box_is_judged_by_what_is_in_it_among_all_classes_and_alternatives()
    {
        FrameResult result = Result(new Detection(1, 0.9f, s_left), new Detection(0, 0.8f, s_right, 7));

        int dropped = new DetectionVerifier(clip.Encoder, new() { Against = ["tree", "dog"] }).Apply(_picture, result);

        Assert.Equal(0, dropped);
        ZeroShotClassifier classifier = new(clip.Encoder, new PromptSet([new("dog"), new("cat")], background: ["tree"]));
        Assert.Equal([(1, 0.9f, s_left, (int?)null), (0, 0.8f, s_right, 7)], result.Detections.Select(found => (found.ClassId, found.Score, found.Box, found.TrackId)));
        Assert.All(result.Detections, found =>
        {
            using Mat crop = new(_picture, DetectionVerifier.CropFor(found.Box, _picture.Width, _picture.Height));
            // A batch adds up in another order.
            Assert.Equal(classifier.Classify(crop)[found.ClassId].Probability, found.Verification!.Value, 1e-4f);
        });
    }

    [Fact]
    public void What_is_too_improbable_is_removed_and_counted()
    {
        // Both classes for each box: their probabilities sum up to 1, so that one of each pair goes.
        FrameResult result = Result(new Detection(0, 0.9f, s_left), new Detection(1, 0.8f, s_left), new Detection(0, 0.7f, s_right), new Detection(1, 0.6f, s_right));

        Assert.Equal(2, new DetectionVerifier(clip.Encoder, new() { MinProbability = 0.5f }).Apply(_picture, result));

        Assert.Equal([s_left, s_right], result.Detections.Select(found => found.Box));
        Assert.All(result.Detections, found => Assert.InRange(found.Verification!.Value, 0.5f, 1f));
    }

    [Fact]
    public void Words_that_change_are_judged_as_they_are()
    {
        DetectionVerifier verifier = new(clip.Encoder);
        FrameResult two = Result(new Detection(0, 0.9f, s_left)), three = TestResults.Result(TestResults.VocabularyOf("dog", "cat", "car"), _picture.Width, _picture.Height, new Detection(0, 0.9f, s_left));

        verifier.Apply(_picture, two);
        verifier.Apply(_picture, three);

        Assert.True(three.Detections[0].Verification < two.Detections[0].Verification);
    }

    [Fact]
    public void Thresholds_of_classes_are_the_detectors_alone_and_its_background_competes()
    {
        PromptSet words = new([new ClassPrompt("dog") { Threshold = 0.9f }], background: ["grass"]);
        Vocabulary vocabulary = new(words, [1, 0, 0, 1], [0, -1], 2, false, []);
        FrameResult result = TestResults.Result(vocabulary, _picture.Width, _picture.Height, new Detection(0, 0.95f, s_left));

        new DetectionVerifier(clip.Encoder).Apply(_picture, result);

        Assert.InRange(Assert.Single(result.Detections).Verification!.Value, 0.001f, 0.999f);
    }

    [Fact]
    public void One_class_alone_cannot_be_verified()
    {
        FrameResult result = TestResults.Result(TestResults.VocabularyOf("dog"), _picture.Width, _picture.Height, new Detection(0, 0.9f, s_left));

        PromptException thrown = Assert.Throws<PromptException>(() => new DetectionVerifier(clip.Encoder).Apply(_picture, result));

        Assert.Contains("\"dog\" is the only thing that is looked for", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("--verify-against", thrown.Remedy, StringComparison.Ordinal);
        Assert.Throws<PromptException>(() => new DetectionVerifier(clip.Encoder, new() { Against = ["dog"] }).Prepare(result.Vocabulary));
    }

    [Fact]
    public void Nothing_found_is_nothing_to_judge()
    {
        FrameResult result = Result();

        Assert.Equal(0, new DetectionVerifier(clip.Encoder).Apply(_picture, result));
    }

    [Fact]
    public void Another_picture_than_the_one_that_was_looked_at_is_refused()
    {
        using Mat other = TestPictures.Halves(64, 48);

        Assert.Contains("64 x 48 pixels; the result is of one with", Assert.Throws<ArgumentException>(() => new DetectionVerifier(clip.Encoder).Apply(other, Result(new Detection(0, 0.9f, s_left)))).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(-0.1f), InlineData(1.1f), InlineData(float.NaN)]
    public void A_threshold_out_of_its_bounds_is_refused(float threshold) =>
        Assert.Contains("it must lie between 0 and 1", Assert.Throws<ArgumentException>(() => new DetectionVerifier(clip.Encoder, new() { MinProbability = threshold })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(100, 100, 200, 150, 90, 65, 120, 120)] // a square of 1.2 times the longer side around the middle
    [InlineData(0, 0, 50, 100, 0, 0, 120, 120)] // moved into the picture
    [InlineData(350, 250, 400, 300, 340, 240, 60, 60)] // and from the other corner
    [InlineData(0, 100, 400, 200, 0, 0, 400, 300)] // wider than the picture is high: as much as there is
    [InlineData(10.2f, 10.2f, 10.4f, 10.4f, 10, 10, 1, 1)] // less than a pixel
    public void A_box_is_cut_out_with_a_little_around_it(float x1, float y1, float x2, float y2, int x, int y, int width, int height) =>
        Assert.Equal(new Rect(x, y, width, height), DetectionVerifier.CropFor(new Box(x1, y1, x2, y2), 400, 300));

    [Fact]
    public async Task A_pipeline_reports_counts_and_writes_what_was_verified()
    {
        using Detector detector = Detector.Load();
        detector.SetClasses("dog", "cat");
        FrameResult alone = detector.Detect(s_picture);
        new DetectionVerifier(clip.Encoder).Apply(_picture, alone);
        float[] probabilities = [.. alone.Detections.Select(found => found.Verification!.Value).Order()];
        float threshold = (probabilities[0] + probabilities[1]) / 2;
        DetectionVerifier verifier = new(clip.Encoder, new() { MinProbability = threshold });

        PipelineReport report = await Pipeline.From(s_picture, s_picture).Detect(detector).Verify(verifier).To(new JsonLinesSink(_folder["lines.jsonl"])).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, report.Rejected);
        Assert.Equal(2 * (probabilities.Length - 1), report.DetectionsPerClass.Sum(count => count.Value));
        Assert.True(report.Verifying > TimeSpan.Zero);
        foreach (string line in File.ReadLines(_folder["lines.jsonl"]))
        {
            using JsonDocument parsed = JsonDocument.Parse(line);
            Assert.Equal(probabilities[1..], parsed.RootElement.GetProperty("detections").EnumerateArray().Select(found => found.GetProperty("verification").GetSingle()).Order(), (one, other) => Math.Abs(one - other) < 1e-4f);
        }
    }

    [Fact]
    public async Task What_was_dropped_is_not_counted()
    {
        using Detector detector = Detector.Load(new DetectorOptions { MinScore = 0.3f });
        detector.SetClasses("dog", "cat");
        CountZone all = new("all", [new(0, 0), new(2000, 0), new(2000, 2000), new(0, 2000)]);
        Pipeline counting = Pipeline.From(new Repeated(s_picture, 4)).Detect(detector).Count(all), again = Pipeline.From(new Repeated(s_picture, 4)).Detect(detector).Count(all);

        PipelineReport without = await counting.RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        PipelineReport strict = await again.Verify(new(clip.Encoder, new() { MinProbability = 1 })).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(without.Sources[0].Counts[0].In > 0);
        Assert.True(strict.Rejected > 0);
        Assert.Equal(0, strict.Sources[0].Counts[0].In);
    }

    private FrameResult Result(params Detection[] found) => TestResults.Result(TestResults.VocabularyOf("dog", "cat"), _picture.Width, _picture.Height, found);

    /// <summary>One picture as the frames of a video: things stand still, and a tracker follows them.</summary>
    private sealed class Repeated(string path, int count) : IFrameSource
    {
        private int _given;

        public SourceInfo Info { get; } = new() { Name = path, Kind = SourceKind.Video, FrameRate = new(10, 1) };

        public string? Damage => null;

        public bool TryRead(Frame into, CancellationToken cancellationToken)
        {
            if (_given == count) { return false; }
            into.Take(ImageFile.Read(path));
            (into.Index, into.Time) = (_given, TimeSpan.FromSeconds(_given * 0.1));
            _given++;
            return true;
        }

        public void Dispose() { }
    }
}
