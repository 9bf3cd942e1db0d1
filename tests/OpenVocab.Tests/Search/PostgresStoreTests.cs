using OpenCvSharp;
using OpenVocab.Search;

namespace OpenVocab.Tests.Search;

/// <summary>
/// Against a real server with pgvector where <c>OPENVOCAB_TEST_POSTGRES</c> names one (<c>postgres://user:password@host/database</c>), and against one without pgvector where
/// <c>OPENVOCAB_TEST_POSTGRES_BARE</c> does. What needs no server is always tested.
/// </summary>
public sealed class PostgresStoreTests : IDisposable
{
    private const string Server = "OPENVOCAB_TEST_POSTGRES", BareServer = "OPENVOCAB_TEST_POSTGRES_BARE";

    private readonly TemporaryFolder _folder = new();
    private readonly WordColors _colors = new();
    private readonly string _name = $"test-{Guid.NewGuid():N}";

    public PostgresStoreTests()
    {
        Directory.CreateDirectory(_folder["sea"]);
        (string Name, Scalar Color)[] pictures = [("red.png", new(0, 0, 255)), ("green.png", new(0, 255, 0)), ("sea/blue.png", new(255, 0, 0)), ("sea/violet.png", new(255, 0, 255))];
        foreach ((string name, Scalar color) in pictures)
        {
            using Mat picture = new(8, 8, MatType.CV_8UC3, color);
            File.WriteAllBytes(_folder[name], TestPictures.Encode(picture, ".png"));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_indexed_asked_and_brought_up_to_date()
    {
        string place = Place(Server);
        File.WriteAllText(_folder["broken.jpg"], "no picture");
        using (ImageIndex index = ImageIndex.OpenOrCreate(place, _colors))
        {
            IndexReport report = Update(index);
            Assert.Equal((4, 1), (report.Added, report.Failed.Count));
            Assert.Equal(["red.png", "sea/violet.png"], index.Query("red", 2).Select(hit => hit.Name));
            Assert.Equal(Math.Sqrt(0.5), index.Query("red", 2)[1].Score, 0.001);
        }
        File.Delete(_folder["sea/blue.png"]);
        using ImageIndex again = ImageIndex.OpenOrCreate(place, new WordColors());
        IndexReport second = Update(again);
        Assert.Equal((0, 1, 4, 1), (second.Added, second.Removed, second.Unchanged, second.FailedBefore));
        Assert.Equal(new IndexDescription(_colors.Model, _folder.Path, 3), ImageIndex.Describe(place));
        using ImageIndex reader = ImageIndex.Open(place, _colors);
        Assert.Equal(3, reader.Query("blue").Count);
        Assert.Equal("sea/violet.png", reader.Query(new ImageQuery("red").And("blue"))[0].Name);
    }

    [Fact]
    public void Another_model_a_missing_index_and_a_second_writer_are_named()
    {
        string place = Place(Server);
        Assert.EndsWith("there is no such index in this database.", Assert.Throws<IndexException>(() => ImageIndex.Open(place, _colors)).Message, StringComparison.Ordinal);
        using ImageIndex first = ImageIndex.OpenOrCreate(place, _colors), second = ImageIndex.OpenOrCreate(place, new WordColors());
        Assert.Contains("the model here is shapes", Assert.Throws<IndexException>(() => ImageIndex.Open(place, new WordColors("shapes"))).Message, StringComparison.Ordinal);
        IndexException? thrown = null;
        _colors.Before = () => thrown = Assert.Throws<IndexException>(() => Update(second));

        Assert.Equal(4, Update(first).Added);

        Assert.Equal($"{first.Place}: another program is writing into this index.", thrown!.Message);
        Assert.Equal(4, Update(second).Unchanged);
    }

    [Fact]
    public void A_server_without_pgvector_is_named()
    {
        string place = Place(BareServer);
        IndexException thrown = Assert.Throws<IndexException>(() => ImageIndex.OpenOrCreate(place, _colors));
        Assert.EndsWith("this PostgreSQL server has no pgvector, which compares vectors.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(thrown.Message, Assert.Throws<IndexException>(() => ImageIndex.Open(place, _colors)).Message);
    }

    [Theory]
    [InlineData("postgres://me:hunter2@127.0.0.1:1/photos#holiday", "postgres://127.0.0.1:1/photos#holiday: the server cannot be reached: ")]
    [InlineData("postgresql://me:hunter2@127.0.0.1:1/photos", "postgres://127.0.0.1:1/photos#pictures: the server cannot be reached: ")]
    [InlineData("postgres://me:hunter2@127.0.0.1", "postgres://127.0.0.1:5432/#pictures: the address names no database.")]
    [InlineData("postgres://me:hunter2@127.0.0.1/photos?options=hunter2", "postgres://127.0.0.1:5432/photos#pictures: the address has the setting \"options\"")]
    [InlineData("postgres://me:hunter2@127.0.0.1/photos?sslmode=hunter2", "postgres://127.0.0.1:5432/photos#pictures: the address has the setting \"sslmode\"")]
    [InlineData("postgres://me:hunter2@:99999/photos", "The store is no address of a PostgreSQL database.")]
    public void Faults_of_an_address_are_named_and_its_password_is_not(string place, string words)
    {
        IndexException thrown = Assert.Throws<IndexException>(() => ImageIndex.OpenOrCreate(place, _colors));
        Assert.StartsWith(words, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", thrown.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", thrown.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_says_all_that_a_connection_needs()
    {
        DatabaseAddress address = DatabaseAddress.Parse("postgres://a%40b:p%3Aw%2F@db.example:6000/photo%20box?sslmode=verify-full#my%20index");
        Assert.Equal(("postgres://db.example:6000/photo box#my index", "my index"), (address.Display, address.IndexName));
        Npgsql.NpgsqlConnectionStringBuilder settings = new(address.Connection);
        Assert.Equal(("db.example", 6000, "photo box", "a@b", "p:w/", Npgsql.SslMode.VerifyFull), (settings.Host, settings.Port, settings.Database, settings.Username, settings.Password, settings.SslMode));
        Assert.Equal(address.Display, $"{address}");
    }

    private string Place(string variable)
    {
        string? server = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(server)) { Assert.Skip($"needs a PostgreSQL server: {variable} is not set"); }
        return $"{server}#{_name}";
    }

    private IndexReport Update(ImageIndex index) => index.Update(_folder.Path, cancellation: TestContext.Current.CancellationToken);
}
