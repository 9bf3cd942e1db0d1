using OpenVocab.Text;

namespace OpenVocab.Tests.Text;

public sealed class TextEmbeddingCacheTests : IDisposable
{
    private static readonly string s_encoder = new('a', 64);
    private static readonly float[] s_unit = [0.6f, 0.8f];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_one_process_stores_another_finds()
    {
        new TextEmbeddingCache(s_encoder, _folder.Path).Add("a dog", s_unit);

        Assert.Equal(s_unit, new TextEmbeddingCache(s_encoder, _folder.Path).TryGet("a dog"));
        Assert.Null(new TextEmbeddingCache(s_encoder, _folder.Path).TryGet("a cat"));
        Assert.Null(new TextEmbeddingCache(new string('b', 64), _folder.Path).TryGet("a dog"));
    }

    [Theory, InlineData(0), InlineData(5), InlineData(13), InlineData(17)]
    public void A_damaged_file_counts_as_missing(int damage)
    {
        new TextEmbeddingCache(s_encoder, _folder.Path).Add("a dog", s_unit);
        string file = Assert.Single(Directory.GetFiles(_folder.Path, "*.bin", SearchOption.AllDirectories));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[damage] ^= 0xFF;
        File.WriteAllBytes(file, bytes);

        Assert.Null(new TextEmbeddingCache(s_encoder, _folder.Path).TryGet("a dog"));
        File.WriteAllBytes(file, bytes[..7]);
        Assert.Null(new TextEmbeddingCache(s_encoder, _folder.Path).TryGet("a dog"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_costs_nothing_but_time()
    {
        File.WriteAllText(_folder["file"], "in the way");
        TextEmbeddingCache cache = new(s_encoder, Path.Combine(_folder["file"], "cache"));

        cache.Add("a dog", s_unit);

        Assert.Equal(s_unit, cache.TryGet("a dog"));
    }

    [Fact]
    public void Many_writers_at_once_leave_whole_files()
    {
        Parallel.For(0, 200, i => new TextEmbeddingCache(s_encoder, _folder.Path).Add($"text {i % 10}", s_unit));

        string[] files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        Assert.Equal(10, files.Length);
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(s_unit, new TextEmbeddingCache(s_encoder, _folder.Path).TryGet($"text {i}")));
    }
}
