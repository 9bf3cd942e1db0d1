using System.Diagnostics;
using Microsoft.Data.Sqlite;
using OpenVocab.Search;
using OpenVocab.Sources;

namespace OpenVocab.Tests.Search;

/// <summary>Indexes of videos that are something else, damaged, of another model, or made to do harm: each ends with a sentence.</summary>
public sealed class HostileVideoIndexTests : IDisposable
{
    private const int Dimensions = 80;

    private readonly TemporaryFolder _folder = new();
    private readonly Detector _detector = Detector.Load();

    private string Place => _folder["street.index"];

    public void Dispose()
    {
        _detector.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_no_index_of_videos_is_named()
    {
        IndexException none = Refused();
        Assert.Equal($"{Place}: there is no such index.", none.Message);
        Assert.Equal($"Make it: openvocab index VIDEO -o {Place}.", none.Remedy);
        File.WriteAllBytes(Place, [.. Enumerable.Repeat((byte)'x', 5000)]);
        Assert.Equal($"{Place}: this is no index of videos: it is no SQLite file.", Refused().Message);
        File.Delete(Place);
        SqliteStore.OpenOrCreate(Place, new("clip", new string('0', 64), 512)).Dispose();
        Assert.Equal($"{Place}: this is no index of videos: it is one of pictures.", Refused().Message);
        File.Delete(Place);
        Fill();
        using (IndexFile file = IndexFile.Open(Place, IndexLayout.Videos, writable: false)) { Assert.Equal(Place, file.Path); }
        Assert.Equal($"{Place}: this is no index of pictures: it is one of videos.", Assert.Throws<IndexException>(() => ImageIndex.Describe(Place)).Message);
    }

    [Fact]
    public void An_index_of_another_model_names_both()
    {
        Fill(new("somebody's detector", new string('a', 64), Dimensions, "/models/theirs"));

        IndexException thrown = Refused();

        Assert.StartsWith($"{Place}: the index was made with somebody's detector (80 numbers, SHA-256 aaaaaaaaaaaa…); the model here is openvocab-default (80 numbers, SHA-256 ", thrown.Message, StringComparison.Ordinal);
        Assert.StartsWith("Give --model /models/theirs", thrown.Remedy, StringComparison.Ordinal);
        using VideoIndexer indexer = VideoIndexer.Load();
        IndexException filling = Assert.Throws<IndexException>(() => indexer.RunAsync(Place, RepositoryFiles.Get("samples", "media", "cat.jpg")).GetAwaiter().GetResult());
        Assert.Equal(thrown.Message, filling.Message);
    }

    [Theory]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON view BEGIN DELETE FROM view; END")]
    [InlineData("CREATE VIEW v AS SELECT * FROM view")]
    [InlineData("DROP TABLE source; CREATE VIEW source AS SELECT 1 AS id")]
    [InlineData("DROP INDEX view_of_thing")]
    public void A_file_with_other_tables_triggers_or_views_is_no_index(string change)
    {
        Fill();
        Change(change);
        Assert.Equal($"{Place}: this is no index of videos: its tables are not those of an index.", Refused().Message);
    }

    [Theory]
    [InlineData("UPDATE info SET dimensions = 81; UPDATE view SET region = zeroblob(162)", "its regions have 81 numbers (Exponential); those of openvocab-default, which it names, have 80 (Exponential)")]
    [InlineData("UPDATE info SET form = 'Logistic'", "its regions have 80 numbers (Logistic)")]
    [InlineData("UPDATE info SET form = '7'", "its regions are asked by \"7\"; Logistic and Exponential are known")]
    [InlineData("UPDATE info SET dimensions = 1000000000", "its regions have 1000000000 numbers; between 1 and 8192 are read")]
    [InlineData("DELETE FROM info", "it does not say which model it was made with")]
    [InlineData("UPDATE view SET region = x'0011' WHERE id = 1", "the region of view 1 has 2 bytes; 80 numbers need 160")]
    [InlineData("UPDATE view SET region = zeroblob(162) WHERE id = 1", "the region of view 1 has 162 bytes; 80 numbers need 160")]
    [InlineData("UPDATE view SET region = CAST(replace(hex(zeroblob(80)), '00', x'007E') AS BLOB) WHERE id = 2", "the region of view 2 has a number that is none")]
    [InlineData("UPDATE view SET region = zeroblob(100000000) WHERE id = 1", "a value of it is larger than any that is written")]
    [InlineData("UPDATE view SET thing = 77 WHERE id = 1", "view 1 is of no thing that is in it")]
    [InlineData("UPDATE view SET x1 = 9e9 WHERE id = 1", "view 1 has the time")]
    [InlineData("UPDATE view SET x1 = 1e999 WHERE id = 1", "view 1 has the time")]
    [InlineData("UPDATE view SET time = -1 WHERE id = 1", "view 1 has the time -1")]
    [InlineData("UPDATE thing SET source = 77 WHERE id = 1", "thing 1 is of no source that is in it")]
    [InlineData("UPDATE thing SET first = 5, last = 4 WHERE id = 1", "thing 1 was seen from 5 to 4")]
    [InlineData("UPDATE source SET path = 'relative.mp4'", "it names a source that is no full path on this system")]
    [InlineData("UPDATE source SET path = '/a' || char(27) || '[2J'", "it names a source that is no full path on this system")]
    public void What_a_file_says_is_not_believed(string change, string words)
    {
        Fill();
        Change(change);

        IndexException thrown = Assert.Throws<IndexException>(() =>
        {
            using VideoIndex index = VideoIndex.Open(Place, _detector);
            index.Ask("person");
        });

        Assert.StartsWith($"{Place}: the index is damaged: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
        Assert.NotEmpty(thrown.Remedy);
    }

    [Theory, InlineData("//server/share/video.mp4"), InlineData("/dev/zero"), InlineData("/proc/self/mem")]
    public void What_a_file_names_is_opened_only_if_it_is_the_file_that_was_looked_at(string path)
    {
        Fill();
        Change($"UPDATE source SET path = '{path}'");
        using VideoIndex index = VideoIndex.Open(Place, _detector);

        Assert.NotNull(Assert.Single(index.Ask("person")).SourceProblem);
    }

    [Fact]
    public void A_damaged_page_is_found_and_a_cut_file_too()
    {
        Fill();
        byte[] whole = File.ReadAllBytes(Place);
        foreach (int at in (int[])[4096, 8192, whole.Length - 4096])
        {
            byte[] damaged = [.. whole];
            for (int i = at; i < Math.Min(at + 1500, damaged.Length); i++) { damaged[i] ^= 0xA5; }
            File.WriteAllBytes(Place, damaged);
            Assert.StartsWith(Place, AskedOrRefused(), StringComparison.Ordinal);
        }
        File.WriteAllBytes(Place, whole[..(whole.Length / 2)]);
        Assert.StartsWith(Place, AskedOrRefused(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_writers_do_not_meet_and_a_reader_goes_on()
    {
        Fill();
        using VideoStore other = VideoStore.Open(Place, writable: true);
        other.BeginUpdate();
        using VideoIndexer indexer = VideoIndexer.Load();
        using VideoIndex reader = VideoIndex.Open(Place, _detector);
        long start = Stopwatch.GetTimestamp();

        IndexException thrown = await Assert.ThrowsAsync<IndexException>(() => indexer.RunAsync(Place, RepositoryFiles.Get("samples", "media", "cat.jpg")));

        Assert.Equal($"{Place}: another program is writing into this index.", thrown.Message);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
        Assert.Single(reader.Ask("person"));
        other.EndUpdate();
        await indexer.RunAsync(Place, RepositoryFiles.Get("samples", "media", "cat.jpg"));
        Assert.NotEmpty(reader.Ask("cat"));
    }

    [Fact]
    public void A_source_that_fails_in_the_middle_is_as_it_was_before()
    {
        Fill();
        using (VideoStore store = VideoStore.Open(Place, writable: true))
        {
            store.BeginUpdate();
            long id = store.Begin(Source("/videos/street.mp4"));
            store.Add(id, Person());
            store.Add(id, Person());
            store.EndUpdate();
        }
        Assert.Equal(new VideoIndexDescription(Model(), 1, 1, 2), VideoIndex.Describe(Place));
    }

    private string AskedOrRefused()
    {
        try
        {
            using VideoIndex index = VideoIndex.Open(Place, _detector);
            index.Ask("person");
            return "it was believed";
        }
        catch (IndexException thrown) { return thrown.Message; }
    }

    private IndexException Refused() => Assert.Throws<IndexException>(() => VideoIndex.Open(Place, _detector).Dispose());

    private EmbeddingModel Model() => VideoIndexer.ModelOf(_detector, _detector.RegionSpace, null);

    private void Fill(EmbeddingModel? model = null)
    {
        using VideoStore store = VideoStore.OpenOrCreate(Place, model ?? Model(), RegionForm.Exponential);
        store.BeginUpdate();
        long id = store.Begin(Source("/videos/street.mp4"));
        store.Add(id, Person());
        store.End(id, 2, TimeSpan.FromSeconds(1), null);
        store.EndUpdate();
    }

    private static StoredSource Source(string path) => new(path, SourceKind.Video, new(new(1, 1), "none"), "", "fp32", 640, 480);

    private static SeenThing Person()
    {
        SeenThing thing = new(1, 4);
        float[] region = new float[Dimensions];
        region[0] = 3; // the first prototype is a person
        thing.Add(TimeSpan.Zero, new(1, 2, 30, 40), 0.9f, region);
        thing.Add(TimeSpan.FromSeconds(1), new(2, 2, 31, 40), 0.8f, region);
        return thing;
    }

    private void Change(string statements)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Place, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statements;
        command.ExecuteNonQuery();
    }
}
