using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Search;
using OpenVocab.Sources;

namespace OpenVocab.Tests.Search;

/// <summary>Indexes of the sample media by the embedded model, against what the detector itself says.</summary>
public sealed class VideoIndexTests : IDisposable
{
    // A half is off by a share of 2^-11 at most, and x · exp(-x) is 0.368 at most: 1.8e-4 for a word with a prototype of its own; and rounding.
    private const float HalfPrecision = 1.8e-4f + 1e-4f;

    private readonly TemporaryFolder _folder = new();

    private string Place => _folder["street.index"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_seen_in_pictures_has_the_score_that_predict_gives_for_the_same_box()
    {
        string[] pictures = [.. ((string[])["dogs.jpg", "cat.jpg", "fruits.jpg", "pedestrians-frame-0120.jpg"]).Select(Media)];
        await Index(pictures);
        using Detector detector = Detector.Load(new DetectorOptions { MinScore = 0.2f });
        using VideoIndex index = VideoIndex.Open(Place, detector);
        float largest = 0;
        int compared = 0;
        foreach (string words in (string[])["person", "dog", "cat", "apple", "puppy"])
        {
            IReadOnlyList<VideoAnswer> answers = index.Ask(PromptSet.Of(words), new() { MinScore = 0.2f });
            Vocabulary vocabulary = detector.Encode(PromptSet.Of(words));
            foreach (IGrouping<string, VideoAnswer> ofPicture in answers.GroupBy(answer => answer.Path))
            {
                using Mat pixels = ImageFile.Read(ofPicture.Key);
                FrameResult result = detector.Detect(pixels, vocabulary);
                foreach (VideoAnswer answer in ofPicture)
                {
                    // Where another anchor was the better one for the guiding words, the box is another, too.
                    if (result.Detections.FirstOrDefault(found => found.Box == answer.Box) is not { Score: > 0 } same) { continue; }
                    largest = Math.Max(largest, Math.Abs(same.Score - answer.Score));
                    compared++;
                }
            }
        }
        Assert.True(compared >= 15, $"{compared} boxes were compared");
        Assert.InRange(largest, 0, HalfPrecision);
        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"{compared} boxes, largest difference {largest}"));
    }

    [Fact]
    public async Task A_person_who_walks_through_a_video_is_one_thing_with_a_few_views()
    {
        VideoIndexReport report = await Index([Clip(frames: 60)]);

        using Detector detector = Detector.Load();
        using VideoIndex index = VideoIndex.Open(Place, detector);
        IReadOnlyList<VideoAnswer> people = index.Ask("person");

        Assert.Equal(60, report.Frames);
        Assert.Equal(report.Views, index.Description.Views);
        Assert.InRange(report.Views, report.Things, 6 * report.Things);
        Assert.InRange(people.Count, 5, 20);
        Assert.Contains(people, person => person.Frames >= 50 && person.To - person.From > TimeSpan.FromSeconds(1.5) && person.Track is not null);
        Assert.All(people, person =>
        {
            Assert.True(person.From <= person.BestTime && person.BestTime <= person.To);
            Assert.True(person.Score > 0.25f);
            Assert.Null(person.SourceProblem);
            Assert.Equal((768, 576), (person.Width, person.Height));
        });
        Assert.Equal(people.Select(person => person.Score).OrderDescending(), people.Select(person => person.Score));
        Assert.Equal(people, index.Ask("person"));
        Assert.Empty(index.Ask("giraffe"));
    }

    [Fact]
    public async Task Several_words_are_asked_at_once_each_for_itself_and_background_takes_away()
    {
        await Index([Media("dogs.jpg"), Media("cat.jpg")]);
        using Detector detector = Detector.Load();
        using VideoIndex index = VideoIndex.Open(Place, detector);

        IReadOnlyList<VideoAnswer> both = index.Ask("dog", "cat");

        Assert.Equal([.. index.Ask("dog"), .. index.Ask("cat")], both.OrderBy(answer => answer.Words == "cat"));
        Assert.Contains(both, answer => answer.Words == "dog" && Path.GetFileName(answer.Path) == "dogs.jpg");
        Assert.Contains(both, answer => answer.Words == "cat" && Path.GetFileName(answer.Path) == "cat.jpg");
        Assert.Empty(index.Ask(new PromptSet([new("animal") { Prompts = ["dog"] }], background: ["puppy"]), new()));
        Assert.Single(index.Ask(PromptSet.Of("dog", "cat"), new() { Count = 1 }));
        Assert.Equal("dog", Assert.Single(index.Ask(PromptSet.Parse("dog, cat:0.99"), new()), answer => answer.Score < 0.99f && answer.Words != "cat" && answer == both.First(each => each.Words == "dog")).Words);
        Assert.Throws<ArgumentException>(() => index.Ask(PromptSet.Of("dog"), new() { Count = 0, MinScore = float.NaN }));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_looked_at_again_and_what_has_takes_its_place()
    {
        string picture = _folder["one.jpg"];
        File.Copy(Media("dogs.jpg"), picture);
        VideoIndexReport first = await Index([picture, Media("cat.jpg")]), second = await Index([picture, Media("cat.jpg")]);
        File.SetLastWriteTimeUtc(picture, DateTime.UnixEpoch);
        VideoIndexReport touched = await Index([picture]);
        File.Copy(Media("fruits.jpg"), picture, overwrite: true);
        VideoIndexReport third = await Index([picture, Media("cat.jpg")]);
        VideoIndexReport otherWay = await Index([picture], new() { MinScore = 0.3f });

        Assert.Equal((0, 2), (first.Unchanged, first.Sources.Count));
        Assert.Equal((2, 0), (second.Unchanged, second.Sources.Count));
        Assert.Equal(1, touched.Unchanged);
        Assert.Equal((1, 1), (third.Unchanged, third.Sources.Count));
        Assert.Equal(0, otherWay.Unchanged);
        Assert.Equal(2, VideoIndex.Describe(Place).Sources);
        using Detector detector = Detector.Load();
        using VideoIndex index = VideoIndex.Open(Place, detector);
        Assert.DoesNotContain(index.Ask("dog"), answer => answer.Path == picture);
    }

    [Fact]
    public async Task A_source_that_moved_or_changed_still_answers_and_says_so()
    {
        string moved = _folder["moved.jpg"], changed = _folder["changed.jpg"];
        File.Copy(Media("dogs.jpg"), moved);
        File.Copy(Media("dogs.jpg"), changed);
        await Index([moved, changed]);
        File.Delete(moved);
        File.AppendAllText(changed, "more");
        using Detector detector = Detector.Load();
        using VideoIndex index = VideoIndex.Open(Place, detector);

        IReadOnlyList<VideoAnswer> dogs = index.Ask("dog");

        Assert.Equal(["it has changed since", "it is not there any more"], dogs.Select(dog => dog.SourceProblem).Distinct().Order());
    }

    [Fact]
    public async Task A_video_that_was_interrupted_leaves_nothing_and_is_done_by_the_next_run()
    {
        string clip = Clip(frames: 60);
        await Index([Media("dogs.jpg")]);
        using (VideoIndexer indexer = VideoIndexer.Load())
        {
            using CancellationTokenSource stop = new();
            VideoIndexReport cut = await indexer.RunAsync(Place, FrameSources.Find(clip), new After(10, stop.Cancel), stop.Token);
            Assert.True(cut.Interrupted);
        }
        Assert.Equal(1, VideoIndex.Describe(Place).Sources);

        VideoIndexReport rest = await Index([Media("dogs.jpg"), clip]);

        Assert.Equal((1, 60), (rest.Unchanged, rest.Frames));
        Assert.Equal(2, VideoIndex.Describe(Place).Sources);
    }

    [Fact]
    public async Task A_camera_is_not_indexed()
    {
        using VideoIndexer indexer = VideoIndexer.Load();

        SourceException thrown = await Assert.ThrowsAsync<SourceException>(() => indexer.RunAsync(Place, [new SourceReference(SourceKind.Camera, "0")], null, TestContext.Current.CancellationToken));

        Assert.Contains("only files are indexed", thrown.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Place));
    }

    [Fact]
    public void All_faults_of_options_are_named_together()
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => VideoIndexer.Load(null, new() { MinScore = 1.5f, FrameStride = 0, Views = 65 }));
        Assert.Equal("The options of the index cannot be used: MinScore is 1.5; it must lie between 0 and 1. FrameStride is 0; it must lie between 1 and 10000. Views is 65; it must lie between 1 and 64.", thrown.Message);
    }

    private async Task<VideoIndexReport> Index(string[] sources, VideoIndexOptions? options = null)
    {
        using VideoIndexer indexer = VideoIndexer.Load(null, options);
        return await indexer.RunAsync(Place, sources, null, TestContext.Current.CancellationToken);
    }

    private string Clip(int frames)
    {
        Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");
        return TestVideos.Make(_folder["clip.mp4"], ["-i", Media("pedestrians.mp4")], "-frames:v", Invariant($"{frames}"));
    }

    private static string Media(string name) => RepositoryFiles.Get("samples", "media", name);

    private sealed class After(int frames, Action then) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value)
        {
            if (value.Frames >= frames) { then(); }
        }
    }
}
