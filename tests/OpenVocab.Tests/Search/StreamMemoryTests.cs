using OpenVocab.Prompts;
using OpenVocab.Search;

namespace OpenVocab.Tests.Search;

/// <summary>What streams have shown, with regions that are the embedded model's queries themselves: they fit their own word best.</summary>
public sealed class StreamMemoryTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly Detector _detector = Detector.Load(new DetectorOptions { ImageSize = new(320) });

    private string Place => _folder["seen.index"];

    public void Dispose()
    {
        _detector.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_thing_is_found_by_its_words_keeps_its_number_and_is_there_when_the_file_is_opened_again()
    {
        long dog, cat;
        using (StreamMemory memory = Open())
        {
            dog = memory.Put(null, Thing("door", "dog", 0)).GetValueOrDefault();
            cat = memory.Put(null, Thing("yard", "cat", 10)).GetValueOrDefault();
            StreamAnswer answer = Assert.Single(memory.Ask(PromptSet.Of("dog"), new() { Count = 1 }));
            Assert.Equal((dog, "dog", "door", s_start, s_start.AddSeconds(1)), (answer.Id, answer.Words, answer.Stream, answer.From, answer.To));
            // It stays, and turns out to be something else.
            Assert.Equal(dog, memory.Put(dog, Thing("door", "bicycle", 0, seconds: 30)));
            Assert.DoesNotContain(memory.Ask(PromptSet.Of("dog"), new()), found => found.Id == dog && found.Score >= answer.Score);
            Assert.Equal(2, memory.Count);
        }
        using StreamMemory again = Open();
        StreamAnswer bicycle = again.Ask(PromptSet.Of("bicycle"), new())[0];
        Assert.Equal((dog, "door", s_start.AddSeconds(30)), (bicycle.Id, bicycle.Stream, bicycle.To));
        Assert.Equal(cat, again.Ask(PromptSet.Of("cat"), new())[0].Id);
        Assert.Equal([1, 2, 3], again.Picture(dog));
        Assert.Null(again.Picture(cat + 1));
    }

    [Fact]
    public void The_oldest_go_first_and_numbers_are_not_given_twice()
    {
        using (StreamMemory memory = Open(most: 3))
        {
            long[] ids = [.. Enumerable.Range(0, 5).Select(i => memory.Put(null, Thing("door", "dog", 60 * i)).GetValueOrDefault())];
            Assert.Equal(3, memory.Count);
            Assert.Equal(ids[2..], memory.Ask(PromptSet.Of("dog"), new()).Select(answer => answer.Id).Order());
            Assert.Null(memory.Picture(ids[1]));
            // What had to go while it was still there is new again.
            Assert.Equal(ids[4] + 1, memory.Put(ids[0], Thing("door", "dog", 600)));
        }
        using StreamMemory fewer = Open(most: 1);
        Assert.Equal(1, fewer.Count);
        Assert.Equal(6, Assert.Single(fewer.Ask(PromptSet.Of("dog"), new())).Id);
    }

    [Fact]
    public void More_than_a_block_is_found_and_forgotten()
    {
        using StreamMemory memory = Open(most: 5000);
        RememberedThing dog = Thing("door", "dog", 0), cat = Thing("door", "cat", 0);
        for (int i = 0; i < 9000; i++) { memory.Put(null, i == 8999 ? dog : cat); }
        Assert.Equal(5000, memory.Count);
        Assert.Equal(9000, memory.Ask(PromptSet.Of("dog"), new() { Count = 1 })[0].Id);
        Assert.NotNull(memory.Picture(4001));
        Assert.Null(memory.Picture(4000));
    }

    [Fact]
    public void A_track_that_broke_is_one_answer()
    {
        using StreamMemory memory = Open();
        memory.Put(null, Thing("door", "dog", 0));
        memory.Put(null, Thing("door", "dog", 2));
        memory.Put(null, Thing("yard", "dog", 0));
        IReadOnlyList<StreamAnswer> answers = memory.Ask(PromptSet.Of("dog"), new());
        Assert.Equal(["door", "yard"], answers.Select(answer => answer.Stream).Order());
        Assert.Equal(s_start.AddSeconds(3), answers.Single(answer => answer.Stream == "door").To);
    }

    [Fact]
    public void Another_writer_and_a_file_of_videos_are_refused()
    {
        using StreamMemory memory = Open();
        Assert.Contains("another program is writing", Assert.Throws<IndexException>(() => Open()).Message, StringComparison.Ordinal);
        string videos = _folder["videos.index"];
        using (VideoStore store = VideoStore.OpenOrCreate(videos, new("m", "00", 4, null), RegionForm.Logistic)) { Assert.Equal(0, store.Count("thing")); }
        Assert.Contains("it is one of videos", Assert.Throws<IndexException>(() => StreamMemory.Open(videos, _detector, 10, TimeProvider.System, _ => { })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE thing SET last = first - 1", "was seen from"), InlineData("UPDATE thing SET x2 = 1e9", "has the box"), InlineData("UPDATE thing SET region = x'0000'", "has 2 bytes"),
     InlineData("UPDATE thing SET stream = 'a' || char(10)", "name is none"), InlineData("UPDATE info SET sha256 = '00'", "cannot be compared"), InlineData("CREATE TABLE more (a INTEGER)", "its tables are not those")]
    public void A_file_that_somebody_has_changed_is_refused_in_a_sentence(string change, string words)
    {
        using (StreamMemory memory = Open()) { memory.Put(null, Thing("door", "dog", 0)); }
        using (IndexFile file = IndexFile.Open(Place, IndexLayout.Streams, writable: true)) { file.Run(change); }
        Assert.Contains(words, Assert.Throws<IndexException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_put_is_on_disk_after_a_few_seconds_also_where_nobody_closes_the_file()
    {
        ManualTimer clock = new();
        using StreamMemory memory = StreamMemory.Open(Place, _detector, 100, clock, fault => throw fault);
        memory.Put(null, Thing("door", "dog", 0));
        Assert.Equal(0, OnDisk());
        clock.Tick();
        Assert.Equal(1, OnDisk());
    }

    [Fact]
    public void Regions_go_where_a_tracker_has_put_their_detections()
    {
        FrameResult result = new() { Regions = new(), Width = 640, Height = 480, Thresholds = [0.25f] };
        OpenVocab.Tracking.ResultTracker tracker = new(new(), 10);
        for (int frame = 0; frame < 3; frame++)
        {
            result.Items.Clear();
            result.Items.AddRange([new(0, 0.1f, new(500, 10, 550, 60)), new(0, 0.5f, new(10, 10, 60, 100)), new(0, 0.9f, new(200, 10, 260, 110))]);
            result.Regions!.Clear(3, 2);
            for (int anchor = 0; anchor < 3; anchor++) { result.Regions.Add([0, 1, 2, 10, 11, 12], 3, anchor); }
            tracker.Apply(result);
        }
        // The weak one is no track, and the best comes first.
        Assert.Equal([0.9f, 0.5f], result.Items.Select(item => item.Score));
        Assert.Equal(2, result.Regions!.Count);
        Assert.Equal([2, 12], result.Regions[0].ToArray());
        Assert.Equal([1, 11], result.Regions[1].ToArray());
    }

    private long OnDisk()
    {
        using IndexFile file = IndexFile.Open(Place, IndexLayout.Streams, writable: false);
        return file.Ask("SELECT count(*) FROM thing");
    }

    private StreamMemory Open(int most = 100) => StreamMemory.Open(Place, _detector, most, TimeProvider.System, fault => throw fault);

    private RememberedThing Thing(string stream, string word, int second, int seconds = 1)
    {
        float[] query = _detector.QueriesOf(_detector.Encode(PromptSet.Of(word)));
        DateTimeOffset first = s_start.AddSeconds(second);
        return new(stream, first, first.AddSeconds(seconds), 5, first, new(10, 20, 30, 60), SeenThing.ToHalves(query.AsSpan(0, _detector.RegionSpace.Dimensions))!, [1, 2, 3]);
    }

    /// <summary>Its timer goes off when the test says so.</summary>
    private sealed class ManualTimer : TimeProvider
    {
        private TimerCallback? _callback;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = callback;
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        internal void Tick() => _callback!(null);
    }
}
