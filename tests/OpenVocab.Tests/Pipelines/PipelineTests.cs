using System.Diagnostics;
using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Sinks;

namespace OpenVocab.Tests.Pipelines;

public sealed class PipelineTests : IDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(2);
    private readonly Detector _detector = Detector.Load(new DetectorOptions { ImageSize = new(320) });
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _detector.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Frames_arrive_in_order_with_the_results_that_a_single_call_gives()
    {
        _detector.SetClasses("dog");
        RecordingSink sink = new();

        PipelineReport report = await Pipeline.From(new ListSource("dogs.jpg", "rocket.jpg", "dogs.jpg", "cat.jpg", "dogs.jpg"))
            .Detect(_detector).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([0L, 1, 2, 3, 4], sink.Frames.Select(frame => frame.Index));
        foreach ((long index, IReadOnlyList<Detection> found) in sink.Frames)
        {
            using Mat picture = ImageFile.Read(ListSource.PathOf(sink.Names[(int)index]));
            Assert.Equal(_detector.Detect(picture).Detections, found);
        }
        Assert.Equal(["begin", "end", "complete", "dispose"], sink.Calls);
        Assert.Equal(5, report.Frames);
        Assert.Equal(sink.Frames.Sum(frame => frame.Found.Count), report.DetectionsPerClass.Sum(count => count.Value));
        Assert.False(report.Interrupted);
    }

    [Fact]
    public async Task Several_frames_at_once_come_out_in_order_and_words_never_go_back()
    {
        using Detector detector = Detector.Load(new DetectorOptions { ImageSize = new(320), ParallelFrames = 3 });
        Vocabulary cat = detector.SetClasses("cat"), dog = detector.Encode(PromptSet.Of(["dog"]));
        // dogs.jpg is the widest: the pictures behind it are done sooner.
        string[] names = [.. Enumerable.Repeat<string[]>(["dogs.jpg", "rocket.jpg", "cat.jpg", "cat.jpg"], 12).SelectMany(name => name)];
        RecordingSink sink = new(onWrite: index => { if (index == 20) { detector.SetClasses(PromptSet.Of(["dog"])); } });

        await Pipeline.From(new ListSource(names)).Detect(detector).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, names.Length).Select(i => (long)i), sink.Frames.Select(frame => frame.Index));
        int change = sink.Vocabularies.IndexOf(dog);
        Assert.InRange(change, 21, names.Length - 1);
        Assert.All(sink.Vocabularies[..change], words => Assert.Same(cat, words));
        Assert.All(sink.Vocabularies[change..], words => Assert.Same(dog, words));
        foreach (((_, IReadOnlyList<Detection> found), Vocabulary words, string name) in sink.Frames.Zip(sink.Vocabularies, names))
        {
            using Mat picture = ImageFile.Read(ListSource.PathOf(name));
            Assert.Equal(detector.Detect(picture, words).Detections, found);
        }
    }

    [Fact]
    public async Task Several_frames_at_once_end_within_two_seconds_of_an_error()
    {
        using Detector detector = Detector.Load(new DetectorOptions { ImageSize = new(320), ParallelFrames = 3 });
        RecordingSink sink = new(onWrite: index => { if (index == 2) { throw new SinkException("the disk is full", "free some"); } });
        Stopwatch watch = Stopwatch.StartNew();

        await Assert.ThrowsAsync<SinkException>(() => Pipeline.From(new ListSource(Enumerable.Repeat("cat.jpg", 1000)))
            .Detect(detector).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, s_bound);
    }

    [Fact]
    public async Task A_slow_stage_makes_the_others_wait_so_memory_stays_bounded()
    {
        ListSource source = new(Enumerable.Repeat("cat.jpg", 30));
        int most = 0;
        RecordingSink sink = new(onWrite: index => most = Math.Max(most, source.Delivered - (int)index));

        await Pipeline.From(source).Detect(_detector).To(sink).With(new() { FramesInFlight = 3 }).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(30, sink.Frames.Count);
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Words_may_change_between_two_frames()
    {
        _detector.SetClasses("cat");
        RecordingSink sink = new(onWrite: index => { if (index == 5) { _detector.SetClasses("dog"); } });

        await Pipeline.From(new ListSource(Enumerable.Repeat("dogs.jpg", 20))).Detect(_detector).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(20, sink.Frames.Count);
        Assert.Empty(sink.Frames[0].Found);
        Assert.NotEmpty(sink.Frames[^1].Found);
    }

    [Fact]
    public async Task A_failing_source_does_not_stop_the_others()
    {
        File.WriteAllText(_folder["a.jpg"], "no picture");
        File.Copy(ListSource.PathOf("cat.jpg"), _folder["b.jpg"]);
        RecordingSink sink = new();

        PipelineReport report = await Pipeline.From(_folder["a.jpg"], _folder["b.jpg"]).Detect(_detector).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(SourceFault.Unsupported, report.Sources[0].Error!.Fault);
        Assert.Equal((_folder["b.jpg"], 1L), (report.Sources[1].Source.Name, report.Sources[1].Frames));
        Assert.Equal(["begin", "end", "complete", "dispose"], sink.Calls);
    }

    [Fact]
    public async Task A_failing_sink_ends_the_run_with_its_own_error_within_two_seconds()
    {
        Stopwatch watch = Stopwatch.StartNew();
        RecordingSink sink = new(onWrite: index => { if (index == 2) { throw new SinkException("the disk is full", "free some"); } });

        SinkException thrown = await Assert.ThrowsAsync<SinkException>(() => Pipeline.From(new ListSource(Enumerable.Repeat("cat.jpg", 1000)))
            .Detect(_detector).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal("the disk is full", thrown.Message);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, s_bound);
        Assert.Equal(["begin", "dispose"], sink.Calls);
    }

    [Fact]
    public async Task A_sink_error_ends_the_run_even_while_the_source_blocks()
    {
        Stopwatch watch = Stopwatch.StartNew();
        RecordingSink sink = new(onWrite: _ => throw new SinkException("the disk is full", "free some"));

        await Assert.ThrowsAsync<SinkException>(() => Pipeline.From(new ListSource("cat.jpg") { BlockAtEnd = true })
            .Detect(_detector).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, s_bound);
    }

    [Fact]
    public async Task A_fault_in_the_code_of_a_source_surfaces_as_itself_and_nothing_is_completed()
    {
        RecordingSink sink = new();

        FormatException thrown = await Assert.ThrowsAsync<FormatException>(() => Pipeline.From(new ListSource("cat.jpg") { ThrowAtEnd = new FormatException("mine") })
            .Detect(_detector).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal("mine", thrown.Message);
        Assert.DoesNotContain("complete", sink.Calls);
        Assert.Contains("dispose", sink.Calls);
    }

    [Fact]
    public async Task A_disposed_detector_ends_the_run_as_an_error_of_its_own()
    {
        Detector gone = Detector.Load(new DetectorOptions { ImageSize = new(320) });
        gone.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Pipeline.From(new ListSource("cat.jpg") { BlockAtEnd = true })
            .Detect(gone).To(new RecordingSink()).RunAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cancelling_is_an_ordinary_end_with_whole_files()
    {
        Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");
        using CancellationTokenSource stop = new();
        RecordingSink sink = new(onWrite: index => { if (index == 20) { stop.Cancel(); } });

        PipelineReport report = await Pipeline.From(RepositoryFiles.Get("samples", "media", "pedestrians.mp4"))
            .Detect(_detector).To(sink, new AnnotatedVideoSink(_folder["o.mp4"]), new JsonLinesSink(_folder["o.jsonl"])).RunAsync(cancellationToken: stop.Token);

        Assert.True(report.Interrupted);
        Assert.InRange(report.Frames, 21, 40);
        Assert.Equal(report.Frames, int.Parse(TestVideos.Probe(_folder["o.mp4"], "stream=nb_frames"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(report.Frames, File.ReadLines(_folder["o.jsonl"]).Count());
    }

    [Fact]
    public async Task A_damaged_video_is_processed_as_far_as_it_goes_and_reported()
    {
        Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");
        string path = TestVideos.Make(_folder["cut.mkv"]);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        RecordingSink sink = new();

        PipelineReport report = await Pipeline.From(path).Detect(_detector).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("damaged or incomplete", Assert.Single(report.Sources).Damage, StringComparison.Ordinal);
        Assert.Equal(report.Frames, sink.Frames.Count);
        Assert.Equal(["begin", "end", "complete", "dispose"], sink.Calls);
    }

    [Fact]
    public async Task A_vocabulary_of_its_own_is_used_whatever_the_detector_looks_for()
    {
        _detector.SetClasses("cat");
        RecordingSink sink = new();

        await Pipeline.From(new ListSource("dogs.jpg")).Detect(_detector, _detector.Encode(PromptSet.Of("dog"))).To(sink).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.NotEmpty(sink.Frames[0].Found);
    }

    [Fact]
    public async Task Progress_counts_up_to_the_last_frame()
    {
        List<PipelineProgress> seen = [];

        await Pipeline.From(new ListSource(Enumerable.Repeat("cat.jpg", 8))).Detect(_detector).With(new() { ProgressInterval = TimeSpan.Zero })
            .RunAsync(new Collector(seen), TestContext.Current.CancellationToken);

        Assert.Equal([1L, 2, 3, 4, 5, 6, 7, 8], seen.Select(progress => progress.Frames));
    }

    [Fact]
    public async Task Expected_frames_count_what_is_left_of_a_video_and_the_pictures_behind_it()
    {
        Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");
        List<PipelineProgress> seen = [];

        await Pipeline.From(TestVideos.Make(_folder["a.mp4"]), ListSource.PathOf("cat.jpg"), ListSource.PathOf("dogs.jpg")).Detect(_detector)
            .With(new() { ProgressInterval = TimeSpan.Zero }).RunAsync(new Collector(seen), TestContext.Current.CancellationToken);

        Assert.All(seen, progress => Assert.Equal(52, progress.ExpectedFrames));
    }

    [Fact]
    public async Task A_pipeline_without_a_detector_or_a_source_says_so()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Pipeline.From(new ListSource("cat.jpg")).RunAsync(cancellationToken: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Pipeline.From(Array.Empty<string>()).Detect(_detector).RunAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    private sealed class Collector(List<PipelineProgress> seen) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value) => seen.Add(value);
    }
}
