using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OpenCvSharp;
using OpenVocab.Pipelines;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Tests.Pipelines;

public sealed class LivePipelineTests : IDisposable
{
    private readonly Detector _detector = Detector.Load(new DetectorOptions { ImageSize = new(320) });
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _detector.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_slow_reader_gets_the_newest_frame_and_every_frame_is_accounted_for()
    {
        GreySource camera = new(frames: 400, size: _ => (64, 48)) { IncompleteAtEnd = 3 };
        RecordingSink sink = new(onWrite: index =>
        {
            Thread.Sleep(10);
        });
        PipelineReport report = await Pipeline.From(camera).Detect(_detector).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        SourceReport source = Assert.Single(report.Sources);
        Assert.Equal((403, 3), (source.Read, source.Failed));
        Assert.True(source.Dropped > 100, $"{source.Dropped} dropped");
        Assert.Equal(source.Read, source.Frames + source.Dropped + source.Failed);
        Assert.Equal(source.Frames, sink.Frames.Count);
        Assert.Equal(sink.Frames.Select(frame => frame.Index).Order(), sink.Frames.Select(frame => frame.Index));
        // The last frame of all is never dropped.
        Assert.Equal(399, sink.Frames[^1].Index);
    }

    [Fact]
    public async Task A_camera_that_comes_back_with_another_size_begins_new_files()
    {
        GreySource camera = new(frames: 60, size: index => index < 30 ? (64, 48) : (128, 96)) { Wait = TimeSpan.FromMilliseconds(20) };
        await Pipeline.From(camera).Detect(_detector).To(AnnotatedVideoSink.InFolder(_folder.Path), new JsonLinesSink(_folder["d.jsonl"])).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("64,48", TestVideos.Probe(_folder["grey.mp4"], "stream=width,height"));
        Assert.Equal("128,96", TestVideos.Probe(_folder["grey-2.mp4"], "stream=width,height"));
        Assert.Contains("\"at\":\"", (await File.ReadAllLinesAsync(_folder["d.jsonl"], TestContext.Current.CancellationToken))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_loops_plays_at_its_own_rate_and_begins_again()
    {
        string video = TestVideos.Make(_folder["v.mp4"], ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=20:duration=0.5"]);
        using CancellationTokenSource stop = new();
        RecordingSink sink = new(onWrite: index => { if (index >= 25) { stop.Cancel(); } });
        PipelineReport report = await Pipeline.From(video).Detect(_detector).To(sink)
            .With(new() { Source = new() { Loop = true } }).RunAsync(cancellationToken: stop.Token);

        // 26 frames, 20 a second: two rounds and a half of a file of ten.
        Assert.InRange(report.Elapsed.TotalSeconds, 1.2, 20);
        Assert.True(report.Interrupted);
        Assert.Equal(report.Sources[0].Read, report.Sources[0].Frames + report.Sources[0].Dropped + report.Sources[0].Failed);
    }

    [Fact]
    public async Task Two_streams_of_one_address_shared_a_series_of_metrics()
    {
        string video = TestVideos.Make(_folder["v.mp4"], ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=20:duration=0.5"]);
        ConcurrentBag<string> sources = [];
        using MeterListener listener = new() { InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == "OpenVocab") { self.EnableMeasurementEvents(instrument); } } };
        void Note(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach ((string name, object? value) in tags) { if (name == "source") { sources.Add((string)value!); } }
        }
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Note(tags));
        listener.SetMeasurementEventCallback<int>((_, _, tags, _) => Note(tags));
        listener.Start();
        SourceReference found = FrameSources.FindLive(video);
        List<SourceStateChange> changes = [];
        foreach (string name in (string[])["front", "back"])
        {
            using CancellationTokenSource stop = new();
            RecordingSink sink = new(onWrite: _ => stop.Cancel());
            PipelineReport report = await Pipeline.From([found with { Label = name }]).Detect(_detector).To(sink)
                .With(new() { Source = new() { Loop = true, StateChanged = changes.Add } }).RunAsync(cancellationToken: stop.Token);
            Assert.Equal(name, report.Sources[0].Source.Name);
        }

        Assert.Equal(["back", "front"], sources.Where(name => name is "front" or "back").Distinct().Order());
        Assert.DoesNotContain(video, sources);
        // Where it comes from stays to be seen.
        Assert.All(changes, change => Assert.Equal(video, change.Source));
    }

    [Fact]
    public async Task The_time_from_asking_for_other_words_to_the_first_frame_is_reported()
    {
        // Until it has happened, however long this machine takes: the camera does not wait for the words.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        List<VocabularyChange> changes = [];
        RecordingSink sink = new(onWrite: index => { if (index >= 5) { _detector.SetClasses("teapot"); } });
        await Pipeline.From(new GreySource(frames: int.MaxValue, size: _ => (64, 48)) { Wait = TimeSpan.FromMilliseconds(5) }).Detect(_detector).To(sink)
            .With(new() { VocabularyChanged = change => { changes.Add(change); stop.CancelAfter(100); } }).RunAsync(cancellationToken: stop.Token);

        VocabularyChange change = Assert.Single(changes);
        Assert.Equal("teapot", Assert.Single(change.Vocabulary.Classes).Name);
        Assert.InRange(change.Latency, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
    }

    /// <summary>A camera that gives frames as fast as they are taken, or with waits between.</summary>
    private sealed class GreySource(int frames, Func<int, (int Width, int Height)> size) : IFrameSource
    {
        private int _next;

        internal long IncompleteAtEnd { get; init; }

        internal TimeSpan Wait { get; init; } = TimeSpan.FromMilliseconds(1);

        internal long Delivered => Volatile.Read(ref _next);

        public SourceInfo Info { get; } = new() { Name = "grey", Kind = SourceKind.Camera, IsLive = true };

        public string? Damage => null;

        public long Failed => _next == frames ? IncompleteAtEnd : 0;

        public bool TryRead(Frame into, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_next == frames) { return false; }
            cancellationToken.WaitHandle.WaitOne(Wait);
            (int width, int height) = size(_next);
            into.Take(new Mat(height, width, MatType.CV_8UC3, Scalar.All(90)));
            (into.Index, into.Time, into.CapturedAt) = (_next, TimeSpan.FromMilliseconds(20 * _next), DateTimeOffset.UnixEpoch);
            Interlocked.Increment(ref _next);
            return true;
        }

        public void Dispose() { }
    }
}
