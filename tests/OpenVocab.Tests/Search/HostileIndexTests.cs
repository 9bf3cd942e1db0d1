using System.Diagnostics;
using Microsoft.Data.Sqlite;
using OpenCvSharp;
using OpenVocab.Search;

namespace OpenVocab.Tests.Search;

/// <summary>Files that are no index, damaged ones, and such that were made to do harm: each ends with a sentence.</summary>
public sealed class HostileIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WordColors _colors = new();

    public HostileIndexTests()
    {
        Directory.CreateDirectory(_folder["photos"]);
        for (int i = 0; i < 4; i++)
        {
            using Mat picture = new(8, 8, MatType.CV_8UC3, new Scalar(10 * i, 100, 200));
            System.IO.File.WriteAllBytes(_folder[Invariant($"photos/{i}.png")], TestPictures.Encode(picture, ".png"));
        }
    }

    private string File => _folder["photos.index"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_no_index_is_named_and_not_changed()
    {
        Assert.Equal($"{File}: there is no such index.", Refused().Message);
        byte[] text = [.. Enumerable.Repeat((byte)'x', 5000)];
        System.IO.File.WriteAllBytes(File, text);
        Assert.Equal($"{File}: this is no index of pictures: it is no SQLite file.", Refused().Message);
        Assert.Throws<IndexException>(() => ImageIndex.OpenOrCreate(File, _colors));
        Assert.Equal(text, System.IO.File.ReadAllBytes(File));
        System.IO.File.WriteAllBytes(File, [.. "SQLite format 3\0"u8, .. text]);
        Assert.StartsWith($"{File}: ", Refused().Message, StringComparison.Ordinal);
        System.IO.File.Delete(File);
        Change("CREATE TABLE letters (a)");
        Assert.Equal($"{File}: this is no index of pictures: it is an SQLite file of another program.", Refused().Message);
        Assert.Throws<IndexException>(() => ImageIndex.OpenOrCreate(File, _colors));
    }

    [Fact]
    public void A_file_that_a_killed_program_left_empty_is_filled()
    {
        System.IO.File.WriteAllBytes(File, []);
        Fill();
        Assert.Equal(4, ImageIndex.Describe(File).Count);
    }

    [Fact]
    public void A_later_version_is_named()
    {
        Fill();
        Change("PRAGMA user_version = 7");
        IndexException thrown = Refused();
        Assert.Equal($"{File}: the index is of version 7; this program reads version 1.", thrown.Message);
        Assert.Equal("Use a newer OpenVocab, or index the folder into another file.", thrown.Remedy);
    }

    [Theory]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON picture BEGIN DELETE FROM picture; END")]
    [InlineData("CREATE VIEW v AS SELECT * FROM picture")]
    [InlineData("DROP TABLE picture; CREATE VIEW picture AS SELECT 1 AS id, 'a' AS name, 1 AS bytes, 1 AS modified, NULL AS fault, zeroblob(1000000000) AS vector")]
    [InlineData("ALTER TABLE picture ADD COLUMN more TEXT")]
    [InlineData("DROP TABLE info")]
    public void A_file_with_other_tables_triggers_or_views_is_no_index(string change)
    {
        Fill();
        Change(change);
        Assert.Equal($"{File}: this is no index of pictures: its tables are not those of an index.", Refused().Message);
    }

    [Theory]
    [InlineData("UPDATE picture SET name = '../../etc/passwd.png'", "which is no path below its folder")]
    [InlineData("UPDATE picture SET name = '/etc/passwd.png' WHERE id = 1", "which is no path below its folder")]
    [InlineData("UPDATE picture SET name = 'a/../../b.png' WHERE id = 1", "which is no path below its folder")]
    [InlineData("UPDATE picture SET name = '' WHERE id = 1", "which is no path below its folder")]
    [InlineData("UPDATE picture SET vector = x'0011' WHERE id = 1", "the vector of picture 1 has 2 bytes; 3 numbers need 6")]
    [InlineData("UPDATE picture SET vector = zeroblob(6) WHERE id = 2", "the vector of picture 2 is not of length 1")]
    [InlineData("UPDATE picture SET vector = x'007E007E007E' WHERE id = 3", "the vector of picture 3 is not of length 1")]
    [InlineData("UPDATE picture SET vector = zeroblob(100000000) WHERE id = 1", "a value of it is larger than any that is written")]
    public void What_a_row_holds_is_not_believed(string change, string words)
    {
        Fill();
        Change(change.Replace("name = '../../etc/passwd.png'", "name = '../../etc/passwd.png' WHERE id = 1", StringComparison.Ordinal));
        IndexException thrown = Assert.Throws<IndexException>(() =>
        {
            using ImageIndex index = ImageIndex.Open(File, _colors);
            index.Query("red");
        });
        Assert.StartsWith($"{File}: the index is damaged: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
        Assert.NotEmpty(thrown.Remedy);
    }

    [Theory]
    [InlineData("UPDATE info SET dimensions = 1000000000", "its vectors have 1000000000 numbers; between 1 and 8192 are read")]
    [InlineData("UPDATE info SET dimensions = -1", "its vectors have -1 numbers")]
    [InlineData("DELETE FROM info", "it does not say which model it was made with")]
    [InlineData("UPDATE info SET model = hex(zeroblob(5000))", "a text of it has 10000 characters; at most 4096 are read")]
    public void What_the_index_says_of_itself_is_not_believed(string change, string words)
    {
        Fill();
        Change(change);
        Assert.Contains(words, Refused().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE info SET folder = NULL", "the index names no folder.")]
    [InlineData("UPDATE info SET folder = 'relative/one'", "the index names the folder relative/one, which is no full path on this system.")]
    public void A_folder_that_is_none_here_is_named(string change, string words)
    {
        Fill();
        Change(change);
        using ImageIndex index = ImageIndex.Open(File, _colors);
        Assert.EndsWith(words, Assert.Throws<IndexException>(() => index.Query("red")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_another_model_names_both()
    {
        Fill();
        IndexException thrown = Assert.Throws<IndexException>(() => ImageIndex.Open(File, new WordColors("shapes")));
        Assert.Equal(
            $"{File}: the index was made with colours (3 numbers, SHA-256 636f6c6f7572…); the model here is shapes (3 numbers, SHA-256 736861706573…), whose vectors cannot be compared with its.", thrown.Message);
        Assert.Contains("models/colours", thrown.Remedy, StringComparison.Ordinal);
        Assert.Throws<IndexException>(() => ImageIndex.OpenOrCreate(File, new WordColors("colours", dimensions: 4)));
    }

    [Fact]
    public void A_damaged_page_is_found_wherever_it_is()
    {
        Fill();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        int found = 0;
        for (int page = 0; page < whole.Length / 4096; page++)
        {
            byte[] damaged = [.. whole];
            new Random(page).NextBytes(damaged.AsSpan(page * 4096 + 100, 3996));
            System.IO.File.WriteAllBytes(File, damaged);
            try
            {
                using ImageIndex index = ImageIndex.Open(File, _colors);
                index.Query("red");
            }
            catch (IndexException thrown)
            {
                found++;
                Assert.StartsWith(File, thrown.Message, StringComparison.Ordinal);
            }
        }
        Assert.Equal(whole.Length / 4096, found);
    }

    [Fact]
    public void A_file_that_is_cut_off_is_damaged()
    {
        Fill();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, whole[..^4096]);
        Assert.Contains("damaged", Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_writers_at_once_are_told_of_each_other_and_readers_go_on()
    {
        Fill();
        WordColors slow = new();
        using ImageIndex first = ImageIndex.OpenOrCreate(File, slow), second = ImageIndex.OpenOrCreate(File, _colors), reader = ImageIndex.Open(File, _colors);
        IndexException? thrown = null;
        int seen = 0;
        slow.Before = () =>
        {
            thrown = Assert.Throws<IndexException>(() => second.Update(_folder["photos"], cancellation: TestContext.Current.CancellationToken));
            seen = reader.Query("red").Count;
        };
        System.IO.File.SetLastWriteTimeUtc(_folder["photos/0.png"], new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        IndexReport report = first.Update(_folder["photos"], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(1, report.Changed);
        Assert.Equal($"{File}: another program is writing into this index.", thrown!.Message);
        Assert.Equal(4, seen);
        Assert.Equal(4, second.Update(_folder["photos"], cancellation: TestContext.Current.CancellationToken).Unchanged);
    }

    [Fact]
    public void An_index_that_cannot_be_written_can_be_asked()
    {
        Fill();
        System.IO.File.SetAttributes(File, FileAttributes.ReadOnly);
        using ImageIndex index = ImageIndex.Open(File, _colors);
        Assert.Equal(4, index.Query("red").Count);
        Assert.Throws<InvalidOperationException>(() => index.Update(_folder["photos"], cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_a_killed_writer_had_begun_is_taken_back_by_the_next()
    {
        for (int i = 4; i < 600; i++) { System.IO.File.Copy(_folder["photos/0.png"], _folder[Invariant($"photos/{i}.png")]); }
        Fill();
        string killed = _folder["killed.index"];
        using (SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString()))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            // With room for one page, pages go to disk before the commit: this is what the disk holds when a program dies then.
            command.CommandText = "PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE picture SET bytes = 0";
            command.ExecuteNonQuery();
            System.IO.File.Copy(File, killed);
            System.IO.File.Copy(File + "-journal", killed + "-journal");
        }

        IndexException thrown = Assert.Throws<IndexException>(() => ImageIndex.Open(killed, _colors));
        Assert.Equal($"{killed}: a program that was writing into this index was ended, and what it had begun is to be taken back first.", thrown.Message);
        using ImageIndex index = ImageIndex.OpenOrCreate(killed, _colors);
        Assert.Equal(600, index.Update(_folder["photos"], cancellation: TestContext.Current.CancellationToken).Unchanged);
    }

    [Fact]
    public void A_full_disk_ends_the_run_with_its_own_error_and_the_index_is_whole()
    {
        Fill();
        for (int i = 4; i < 2000; i++) { System.IO.File.Copy(_folder["photos/0.png"], _folder[Invariant($"photos/{i}-{new string('x', 200)}.png")]); }
        string disk = _folder["disk"];
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk), "needs the right to mount a small disk");
        try
        {
            string small = Path.Combine(disk, "photos.index");
            System.IO.File.Copy(File, small);
            using (ImageIndex index = ImageIndex.OpenOrCreate(small, _colors))
            {
                IndexException thrown = Assert.Throws<IndexException>(() => index.Update(_folder["photos"], cancellation: TestContext.Current.CancellationToken));
                Assert.StartsWith("Free some space", thrown.Remedy, StringComparison.Ordinal);
                Assert.InRange(index.Query("red", 1000).Count, 4, 500);
            }
            using ImageIndex again = ImageIndex.Open(small, _colors);
            Assert.InRange(again.Description.Count, 4, 500);
        }
        finally { Run("umount", disk); }
    }

    [Fact]
    public void A_closed_index_says_so()
    {
        Fill();
        ImageIndex index = ImageIndex.Open(File, _colors);
        index.Dispose();
        index.Dispose();
        Assert.Throws<ObjectDisposedException>(() => index.Query("red"));
    }

    [Fact]
    public void A_place_where_no_index_can_be_made_is_named()
    {
        System.IO.File.WriteAllText(_folder["file"], "");
        IndexException thrown = Assert.Throws<IndexException>(() => ImageIndex.OpenOrCreate(_folder["file/photos.index"], _colors));
        Assert.StartsWith(_folder["file/photos.index"], thrown.Message, StringComparison.Ordinal);
        Assert.Throws<IndexException>(() => ImageIndex.OpenOrCreate(_folder.Path, _colors));
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private void Fill()
    {
        using ImageIndex index = ImageIndex.OpenOrCreate(File, _colors);
        index.Update(_folder["photos"], cancellation: TestContext.Current.CancellationToken);
    }

    private IndexException Refused() => Assert.Throws<IndexException>(() => ImageIndex.Open(File, _colors));

    private void Change(string statement)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
