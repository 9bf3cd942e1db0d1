using OpenCvSharp;
using OpenVocab.Search;

namespace OpenVocab.Tests.Search;

// Counts what is native: nothing else may run.
[Collection(nameof(NativeCountTests))]
public sealed class ImageIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WordColors _colors = new();

    public ImageIndexTests()
    {
        Paint("red.png", new(0, 0, 255));
        Paint("trees/green.png", new(0, 255, 0));
        Paint("sea/blue.jpg", new(255, 0, 0));
        Paint("sea/violet.png", new(255, 0, 255));
    }

    private string Photos => _folder["photos"];

    private string File => _folder["photos.index"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_indexed_and_words_find_its_pictures()
    {
        using ImageIndex index = ImageIndex.OpenOrCreate(File, _colors);

        IndexReport report = Update(index, Photos);

        Assert.Equal((4, 0, 0, 0), (report.Added, report.Changed, report.Removed, report.Unchanged));
        Assert.Equal(["red.png", "sea/violet.png"], index.Query("red", 2).Select(hit => hit.Name));
        ImageHit green = index.Query("green")[0];
        Assert.Equal(Path.Combine(Photos, "trees", "green.png"), green.Path);
        Assert.Equal(1, green.Score, 0.002);
        Assert.Equal(new IndexDescription(_colors.Model, Photos, 4), ImageIndex.Describe(File));
    }

    [Fact]
    public void Queries_add_and_subtract_words_and_pictures()
    {
        using ImageIndex index = Indexed();
        using Mat violet = Cv2.ImDecode(System.IO.File.ReadAllBytes(Path.Combine(Photos, "sea", "violet.png")), ImreadModes.Color);

        Assert.Equal("sea/violet.png", index.Query(violet)[0].Name);
        Assert.Equal("sea/violet.png", index.Query(new ImageQuery("red").And("blue"))[0].Name);
        Assert.Equal("red.png", index.Query(new ImageQuery(violet).Not("blue"))[0].Name);
        Assert.Equal("sea/blue.jpg", index.Query(new ImageQuery("red").And("blue", 5))[0].Name);
        Assert.Equal("trees/green.png", index.Query(new ImageQuery("green").Not(new ImageQuery("red").And("blue")), 1)[0].Name);
        PromptException thrown = Assert.Throws<PromptException>(() => index.Query(new ImageQuery("red").Not("red", 1)));
        Assert.Equal("The parts of the query cancel each other out.", thrown.Message);
        Assert.Throws<ArgumentException>(() => new ImageQuery("red").And("blue", float.NaN));
        Assert.Throws<ArgumentException>(() => index.Query("red", 0));
    }

    [Fact]
    public void Scores_are_cosines_of_what_was_embedded()
    {
        using ImageIndex index = Indexed();
        // Violet is (1, 0, 1) / √2: its cosine to red is 0.7071, and a half keeps 11 bits of it.
        ImageHit violet = index.Query("red").Single(hit => hit.Name == "sea/violet.png");
        Assert.Equal(Math.Sqrt(0.5), violet.Score, Math.Pow(2, -11));
    }

    [Fact]
    public void What_has_not_changed_is_not_looked_at_again()
    {
        Indexed().Dispose();
        Paint("red.png", new(0, 255, 0), day: 2);
        Paint("new.png", new(255, 255, 255));
        System.IO.File.Delete(Path.Combine(Photos, "sea", "blue.jpg"));
        WordColors colors = new();
        using ImageIndex index = ImageIndex.OpenOrCreate(File, colors);

        IndexReport report = Update(index, Photos);

        Assert.Equal((1, 1, 1, 2), (report.Added, report.Changed, report.Removed, report.Unchanged));
        Assert.Equal(2, colors.Pictures);
        Assert.Equal(["red.png", "trees/green.png"], index.Query("green", 2).Select(hit => hit.Name).Order());
        Assert.DoesNotContain(index.Query("blue"), hit => hit.Name == "sea/blue.jpg");
        Assert.Equal((0, 0, 0, 4), Update(index, Photos) is var again ? (again.Added, again.Changed, again.Removed, again.Unchanged) : default);
        Assert.Equal(2, colors.Pictures);
    }

    [Fact]
    public void A_damaged_picture_is_reported_once_and_tried_again_when_it_has_changed()
    {
        byte[] whole = TestPictures.Encode(TestPictures.Noise(64, 64), ".jpg");
        Write("cut.jpg", whole[..^200], 1);
        Write("text.png", "no picture"u8.ToArray(), 1);
        using ImageIndex index = ImageIndex.OpenOrCreate(File, _colors);

        IndexReport first = Update(index, Photos), second = Update(index, Photos);
        Write("cut.jpg", whole, 2);
        IndexReport third = Update(index, Photos);

        Assert.Equal(["cut.jpg", "text.png"], first.Failed.Select(failed => Path.GetFileName(failed.Path)));
        Assert.Contains("it is cut off", first.Failed[0].Reason, StringComparison.Ordinal);
        Assert.Equal((4, 0), (first.Added, first.FailedBefore));
        Assert.Equal((6, 2), (second.Unchanged, second.FailedBefore));
        Assert.Empty(second.Failed);
        Assert.Equal((1, 1), (third.Changed, third.FailedBefore));
        Assert.Equal(5, index.Description.Count);
    }

    [Fact]
    public void A_picture_that_was_too_large_is_taken_when_the_limit_is_lifted()
    {
        using ImageIndex index = ImageIndex.OpenOrCreate(File, _colors);
        IndexReport strict = Update(index, Photos, new() { Limits = new() { MaxPixels = 100 } });
        Assert.Equal((0, 4), (strict.Added, strict.Failed.Count));
        Assert.Empty(index.Query("red"));
        Assert.Equal(4, Update(index, Photos).Added);
    }

    [Fact]
    public void A_cancelled_run_keeps_what_it_has_done_and_the_next_goes_on()
    {
        for (int i = 0; i < 60; i++) { Paint(Invariant($"many/{i:00}.png"), new(i, 100, 100)); }
        using CancellationTokenSource stop = new();
        using (ImageIndex index = ImageIndex.OpenOrCreate(File, _colors))
        {
            _colors.Before = () => { if (_colors.Pictures >= 16) { stop.Cancel(); } };
            IndexReport report = Update(index, Photos, cancellation: stop.Token);
            Assert.True(report.Interrupted);
            Assert.InRange(report.Added, 16, 63);
        }
        WordColors later = new();
        using ImageIndex again = ImageIndex.OpenOrCreate(File, later);
        int there = again.Description.Count;

        IndexReport rest = Update(again, Photos);

        Assert.Equal(64 - there, later.Pictures);
        Assert.Equal((64 - there, there), (rest.Added, rest.Unchanged));
    }

    [Fact]
    public void Progress_counts_to_the_end()
    {
        for (int i = 0; i < 60; i++) { Paint(Invariant($"many/{i:00}.png"), new(i, 100, 100)); }
        Write("broken.png", "no"u8.ToArray(), 1);
        using ImageIndex index = ImageIndex.OpenOrCreate(File, _colors);
        List<IndexProgress> seen = [];

        Update(index, Photos, progress: new Listed(seen));

        Assert.True(seen.Count > 2);
        Assert.Equal(seen.Select(each => each.Done).Order(), seen.Select(each => each.Done));
        Assert.Equal((65, 65, 1), (seen[^1].Done, seen[^1].Total, seen[^1].Failed));
        Assert.True(seen[^1].PicturesPerSecond > 0);
    }

    [Fact]
    public void No_picture_stays_in_memory()
    {
        int before = NativeCount.Alive;
        Write("broken.png", "no"u8.ToArray(), 1);
        using ImageIndex index = ImageIndex.OpenOrCreate(File, _colors);
        _colors.Before = () => throw new ModelException("the network failed", "none");
        Assert.Throws<ModelException>(() => Update(index, Photos));
        Assert.Equal(before, NativeCount.Alive);

        // And the lock of writers is free again.
        _colors.Before = null;
        Assert.Equal(4, Update(index, Photos).Added);
    }

    [Fact]
    public void An_empty_folder_does_not_empty_the_index()
    {
        using ImageIndex index = Indexed();
        Directory.Delete(Photos, recursive: true);
        Directory.CreateDirectory(Photos);

        IndexException thrown = Assert.Throws<IndexException>(() => Update(index, Photos));

        Assert.Equal($"{Photos}: there is no picture in this folder, and the index {File} has 4; they would all be removed.", thrown.Message);
        Assert.Equal(4, index.Description.Count);
    }

    [Fact]
    public void Another_folder_is_an_error_unless_the_folder_was_moved()
    {
        using ImageIndex index = Indexed();
        string moved = _folder["moved"];
        Directory.Move(Photos, moved);
        Assert.Contains("say --moved", Assert.Throws<IndexException>(() => Update(index, moved)).Remedy, StringComparison.Ordinal);

        IndexReport report = Update(index, moved, new() { Moved = true });

        Assert.Equal((4, 4), (report.Unchanged, _colors.Pictures));
        Assert.Equal(Path.Combine(moved, "red.png"), index.Query("red")[0].Path);
    }

    [Fact]
    public void Hidden_folders_and_links_to_folders_are_not_followed()
    {
        Paint(".hidden/a.png", new(1, 1, 1));
        Directory.CreateSymbolicLink(Path.Combine(Photos, "circle"), Photos);
        using ImageIndex index = ImageIndex.OpenOrCreate(File, _colors);
        Assert.Equal(4, Update(index, Photos).Added);
        Assert.Equal(3, Update(index, Photos, new() { Recursive = false }).Removed);
    }

    [Fact]
    public void An_index_without_pictures_finds_none()
    {
        using ImageIndex index = ImageIndex.OpenOrCreate(File, _colors);
        Assert.Empty(index.Query("red"));
        Assert.Equal(new IndexDescription(_colors.Model, null, 0), index.Description);
    }

    [Fact]
    public void A_reader_sees_pictures_that_came_while_it_was_open()
    {
        using ImageIndex writer = Indexed(), reader = ImageIndex.Open(File, new WordColors());
        Assert.Equal(4, reader.Query("red").Count);
        Paint("more.png", new(0, 0, 255));
        Update(writer, Photos);
        Assert.Equal(5, reader.Query("red").Count);
    }

    [Fact]
    public void A_reader_that_came_before_the_first_picture_learns_of_the_folder()
    {
        using ImageIndex writer = ImageIndex.OpenOrCreate(File, _colors), reader = ImageIndex.Open(File, new WordColors());
        Assert.Empty(reader.Query("red"));
        Update(writer, Photos);
        Assert.Equal(Path.Combine(Photos, "red.png"), reader.Query("red")[0].Path);
    }

    [Fact]
    public void A_writer_that_came_before_the_folder_was_chosen_is_told_of_it()
    {
        using ImageIndex first = ImageIndex.OpenOrCreate(File, _colors), second = ImageIndex.OpenOrCreate(File, new WordColors());
        Update(first, Photos);
        Assert.Contains($"the index is of the folder {Photos}, not of {_folder.Path}", Assert.Throws<IndexException>(() => Update(second, _folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(4, Update(second, Photos).Unchanged);
    }

    [Fact]
    public void A_network_that_gives_no_unit_vectors_does_not_damage_the_index()
    {
        using ImageIndex index = ImageIndex.OpenOrCreate(File, new Unscaled());
        Assert.Equal("unscaled: for a picture it gave 2 numbers of length 5; a unit vector of 2 is needed.", Assert.Throws<ModelException>(() => Update(index, Photos)).Message);
        Assert.Equal(0, index.Description.Count);
    }

    [Fact]
    public async Task Many_threads_ask_while_one_writes()
    {
        using ImageIndex index = Indexed();
        for (int i = 0; i < 100; i++) { Paint(Invariant($"many/{i:00}.png"), new(i, 100, 100)); }
        Task writing = Task.Run(() => Update(index, Photos), TestContext.Current.CancellationToken);
        Parallel.For(0, 200, _ => Assert.Equal("red.png", index.Query("red", 1)[0].Name));
        await writing;
        Assert.Equal(104, index.Query("red", 1000).Count);
    }

    private static IndexReport Update(ImageIndex index, string folder, IndexOptions? options = null, IProgress<IndexProgress>? progress = null, CancellationToken? cancellation = null) =>
        index.Update(folder, options, progress, cancellation ?? TestContext.Current.CancellationToken);

    private ImageIndex Indexed()
    {
        ImageIndex index = ImageIndex.OpenOrCreate(File, _colors);
        Update(index, Photos);
        return index;
    }

    private void Paint(string name, Scalar color, int day = 1)
    {
        using Mat picture = new(24, 32, MatType.CV_8UC3, color);
        Write(name, TestPictures.Encode(picture, Path.GetExtension(name)), day);
    }

    private void Write(string name, byte[] content, int day)
    {
        string path = Path.Combine(Photos, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        System.IO.File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, day, 0, 0, 0, DateTimeKind.Utc));
    }

    private sealed class Unscaled : IPictureEmbedder
    {
        public EmbeddingModel Model { get; } = new("unscaled", new string('a', 64), 2);

        public float[][] Embed(ReadOnlySpan<Mat> pictures) => [.. Enumerable.Repeat<float[]>([3, 4], pictures.Length)];

        public float[] Embed(string text) => [3, 4];
    }

    private sealed class Listed(List<IndexProgress> seen) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => seen.Add(value);
    }
}
