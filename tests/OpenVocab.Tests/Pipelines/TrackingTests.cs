using System.Text.Json;
using OpenVocab.Counting;
using OpenVocab.Pipelines;
using OpenVocab.Sinks;
using OpenVocab.Tracking;

namespace OpenVocab.Tests.Pipelines;

public sealed class TrackingTests : IDisposable
{
    private static readonly string s_video = RepositoryFiles.Get("samples", "media", "pedestrians.mp4");
    private readonly Detector _detector = Detector.Load();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _detector.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task People_keep_their_numbers_from_frame_to_frame_in_every_sink()
    {
        _detector.SetClasses("person");
        RecordingSink sink = new();
        PipelineReport report = await Pipeline.From(s_video).Detect(_detector)
            .Count(new CountLine("path", new(0, 300), new(768, 300)), new CountZone("lawn", [new(0, 250), new(768, 250), new(768, 576), new(0, 576)]))
            .To(sink, new JsonLinesSink(_folder["d.jsonl"]), new CsvSink(_folder["d.csv"]), new CocoResultsSink(_folder["d.json"]), new YoloTextSink(_folder.Path))
            .With(new() { Source = new() { FrameStride = 2 } })
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Detection[] found = [.. sink.Frames.SelectMany(frame => frame.Found)];
        Assert.All(found, detection => Assert.NotNull(detection.TrackId));
        // Some fifteen people walk by in twenty seconds: a tracker that loses them would number hundreds.
        int[] ids = [.. found.Select(detection => detection.TrackId!.Value).Distinct()];
        Assert.InRange(ids.Length, 8, 40);
        Assert.Contains(ids, id => found.Count(detection => detection.TrackId == id) > 40);
        Assert.All(sink.Frames, frame => Assert.Equal(frame.Found.Count, frame.Found.Select(detection => detection.TrackId).Distinct().Count()));

        IReadOnlyList<RegionCounts> counts = report.Sources[0].Counts;
        Assert.All(counts, region => Assert.InRange(region.In + region.Out, 2, 60));
        Assert.Equal(counts[1].In - counts[1].Out, counts[1].Inside);

        using JsonDocument line = JsonDocument.Parse((await File.ReadAllLinesAsync(_folder["d.jsonl"], TestContext.Current.CancellationToken))[^1]);
        Assert.Contains(line.RootElement.GetProperty("detections")[0].GetProperty("trackId").GetInt32(), ids);
        JsonElement lawn = line.RootElement.GetProperty("counts")[1];
        Assert.Equal(("lawn", "zone"), (lawn.GetProperty("name").GetString(), lawn.GetProperty("kind").GetString()));
        Assert.Equal(counts[1].Inside, lawn.GetProperty("classes").GetProperty("person").GetProperty("inside").GetInt32());
        Assert.Contains(int.Parse((await File.ReadAllLinesAsync(_folder["d.csv"], TestContext.Current.CancellationToken))[^1].Split(',')[^1], System.Globalization.CultureInfo.InvariantCulture), ids);
        using JsonDocument coco = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["d.json"], TestContext.Current.CancellationToken));
        Assert.Contains(coco.RootElement[0].GetProperty("track_id").GetInt32(), ids);
    }

    [Fact]
    public void Two_lines_or_zones_of_one_name_are_refused()
    {
        Pipeline counting = Pipeline.From(s_video).Count(new CountLine("gate", new(0, 0), new(9, 9)));
        Assert.Contains("\"gate\"", Assert.Throws<ArgumentException>(() => counting.Count(new CountLine("gate", new(1, 1), new(2, 5)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scores_that_are_low_by_nature_are_tracked_by_the_threshold_of_their_class()
    {
        // As if "person" were a class that the model is never sure of: a tracker with thresholds of its own would drop half of these boxes.
        _detector.SetClasses(OpenVocab.Prompts.PromptSet.Parse("person:0.05"));
        RecordingSink weak = new();
        await Pipeline.From(s_video).Detect(_detector).Track().To(weak).With(new() { Source = new() { FrameStride = 4 } }).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains(weak.Frames.SelectMany(frame => frame.Found).GroupBy(found => found.TrackId), track => track.Count() > 3 && track.All(found => found.Score < 0.25f));
    }

    [Fact]
    public void A_weak_box_keeps_a_track_alive_and_starts_none()
    {
        ResultTracker tracker = new(new TrackOptions(), frameRate: 30);
        List<int> seen = [];
        foreach ((float strong, float weak) in ((float, float)[])[(0.5f, 0.12f), (0.5f, 0.12f), (0.12f, 0.12f), (0.5f, 0.12f)])
        {
            FrameResult result = TestResults.Result(
                TestResults.VocabularyOf("person"), 400, 400, new Detection(0, strong, new Box(10, 10, 50, 90)), new Detection(0, weak, new Box(200, 10, 240, 90)));
            result.Thresholds = [0.25f];
            tracker.Apply(result);
            seen.Add(result.Detections.Count);
            Assert.All(result.Detections, found => Assert.Equal(1, found.TrackId));
        }
        Assert.Equal([1, 1, 1, 1], seen);
    }

    [Fact]
    public void Tracked_boxes_stay_inside_of_the_picture()
    {
        ResultTracker tracker = new(new TrackOptions(), frameRate: 30);
        foreach (float x in (float[])[300, 330, 360, 372, 380])
        {
            FrameResult result = TestResults.Result(TestResults.VocabularyOf("person"), 400, 400, new Detection(0, 0.9f, new Box(x, 10, Math.Min(x + 60, 400), 90)));
            result.Thresholds = [0.25f];
            tracker.Apply(result);
            Assert.All(result.Detections, found => Assert.InRange(found.Box.X2, 0, 400));
        }
    }

    [Fact]
    public void Options_out_of_bounds_are_refused_when_they_are_given() =>
        Assert.Contains("Buffer is -1", Assert.Throws<ArgumentException>(() => Pipeline.From(s_video).Track(new TrackOptions { Buffer = -1 })).Message, StringComparison.Ordinal);
}
