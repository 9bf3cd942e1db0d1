using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Pipelines;

namespace OpenVocab.Tests.Pipelines;

public sealed class BatchingTests : IDisposable
{
    private static readonly string[] s_names = ["dogs.jpg", "rocket.jpg", "cat.jpg", "dogs.jpg", "cat.jpg"];
    private readonly Detector _detector = Detector.Load(new DetectorOptions { ImageSize = new(320), BatchSize = 4 });
    private readonly Mat[] _pictures = [.. s_names.Select(name => ImageFile.Read(ListSource.PathOf(name)))];

    public void Dispose()
    {
        foreach (Mat picture in _pictures) { picture.Dispose(); }
        _detector.Dispose();
    }

    [Fact]
    public void Several_pictures_at_once_give_what_each_gives_alone()
    {
        _detector.SetClasses("dog", "cat");
        // Grey in between: the converted copy lives until the next picture only.
        Cv2.CvtColor(_pictures[1], _pictures[1], ColorConversionCodes.BGR2GRAY);
        foreach (int count in (int[])[5, 2, 3, 1])
        {
            FrameResult[] results = [.. Enumerable.Range(0, count).Select(_ => new FrameResult())];
            _detector.Detect(_pictures.AsSpan(0, count), _detector.Vocabulary, results);
            for (int i = 0; i < count; i++) { AssertSame(_detector.Detect(_pictures[i]), results[i]); }
        }
    }

    [Fact]
    public void Rectangles_of_different_shapes_are_taken_one_after_another()
    {
        using Detector detector = Detector.Load(new DetectorOptions { ImageSize = new(320), MinimalRectangle = true, BatchSize = 4 });
        detector.SetClasses("dog", "cat");
        using Mat upright = _pictures[0].T();
        Mat[] pictures = [_pictures[0], upright, _pictures[3], _pictures[2]];
        FrameResult[] results = [new(), new(), new(), new()];
        detector.Detect(pictures, detector.Vocabulary, results);
        for (int i = 0; i < pictures.Length; i++) { AssertSame(detector.Detect(pictures[i]), results[i]); }
    }

    [Fact]
    public void Wrong_numbers_are_named()
    {
        Assert.Contains("2 pictures and 1 results", Assert.Throws<ArgumentException>(() => _detector.Detect(_pictures.AsSpan(0, 2), _detector.Vocabulary, [new FrameResult()])).Message, StringComparison.Ordinal);
        Assert.Contains("at most 64", Assert.Throws<ArgumentException>(() => _detector.Detect(new Mat[65], _detector.Vocabulary, new FrameResult[65])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_processor_pictures_go_one_by_one_unless_asked_otherwise()
    {
        using Detector detector = Detector.Load(new DetectorOptions { Device = OpenVocab.Inference.ExecutionDevice.Cpu });
        Assert.Equal((1, 4), (detector.BatchSize, _detector.BatchSize));
        Assert.Contains("BatchSize is 65", Assert.Throws<ArgumentException>(() => Detector.Load(new DetectorOptions { BatchSize = 65 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipelines_that_share_a_detector_get_their_own_results_and_batches_form()
    {
        _detector.SetClasses("dog", "cat");
        BatchingDetector shared = new(_detector);
        RecordingSink[] sinks = [.. Enumerable.Range(0, 4).Select(_ => new RecordingSink())];
        PipelineReport[] reports = await Task.WhenAll(sinks.Select((sink, i) => Pipeline.From(new ListSource(Enumerable.Repeat(s_names[i], 12)))
            .Detect(shared).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken)));

        Assert.All(reports, report => Assert.Equal(12, report.Frames));
        for (int i = 0; i < sinks.Length; i++)
        {
            FrameResult alone = _detector.Detect(_pictures[i]);
            Assert.All(sinks[i].Frames, frame => AssertSame(alone.Detections, frame.Found));
        }
        Assert.InRange(shared.LargestBatch, 2, 4);
    }

    private static void AssertSame(FrameResult expected, FrameResult actual)
    {
        AssertSame(expected.Detections, actual.Detections);
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
    }

    private static void AssertSame(IReadOnlyList<Detection> expected, IReadOnlyList<Detection> actual)
    {
        Assert.Equal(expected.Select(found => found.ClassId), actual.Select(found => found.ClassId));
        foreach ((Detection one, Detection other) in expected.Zip(actual))
        {
            Assert.Equal(one.Score, other.Score, 1e-4f);
            Assert.Equal(one.Box.X1, other.Box.X1, 0.02f);
            Assert.Equal(one.Box.Y2, other.Box.Y2, 0.02f);
        }
    }
}
