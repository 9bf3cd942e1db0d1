using System.Text.Json;
using CsCheck;
using OpenVocab.Text;

namespace OpenVocab.Tests.Text;

public sealed class ClipTokenizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("bpe_simple_vocab_16e6.txt.gz"), InlineData("vocab.json"), InlineData("merges.txt"), InlineData("tokenizer.json"), InlineData("")]
    public void Ids_of_all_golden_rows_equal_the_original_whatever_the_file(string file)
    {
        ClipTokenizer tokenizer = ClipTokenizer.Open(SharedFiles.Get(Assert.Skip, "clip-bpe", file));

        Assert.Equal((49406, 49407, 49408), (tokenizer.StartId, tokenizer.EndId, tokenizer.VocabularySize));
        Assert.All(TokenizerRow.Read(), row => Assert.Contains(tokenizer.Encode(row.Text), row.Ids));
    }

    [Fact]
    public void Rows_have_start_and_end_and_a_bound()
    {
        ClipTokenizer tokenizer = ClipTokenizer.Open(SharedFiles.Get(Assert.Skip, "clip-bpe"));
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("clip", "tokenizer-rows.json")));
        foreach (JsonElement padded in golden.RootElement.GetProperty("padded").EnumerateArray())
        {
            string text = padded.GetProperty("text").GetString()!;
            if (padded.TryGetProperty("input_ids", out JsonElement expected))
            {
                int[] row = tokenizer.EncodeRow(text, 77);
                Assert.Equal(expected.EnumerateArray().Select(id => id.GetInt32()), row.Concat(Enumerable.Repeat(0, 77 - row.Length)));
            }
            else
            {
                PromptException thrown = Assert.Throws<PromptException>(() => tokenizer.EncodeRow(text, 77));
                Assert.Contains("at most 77", thrown.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_embedded_vocabulary_gives_the_ids_of_its_golden_prompts()
    {
        ClipTokenizer tokenizer = Embedded();
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Get("models", "default", "text-encoder-golden.json")));

        Assert.All(golden.RootElement.GetProperty("cases").EnumerateArray(), row => Assert.Equal(
            row.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32()), tokenizer.EncodeRow(row.GetProperty("prompt").GetString()!, 77)));
    }

    [Fact]
    public void Any_string_has_ids_inside_of_the_vocabulary()
    {
        ClipTokenizer tokenizer = Embedded();

        Gen.String.Sample(text => tokenizer.Encode(text).All(id => id >= 0 && id < tokenizer.VocabularySize), iter: 2000);
    }

    [Fact]
    public void A_word_without_end_is_refused_and_does_not_take_minutes() =>
        Assert.Contains("a word of 1000000 letters; at most 100000", Assert.Throws<PromptException>(() => Embedded().Encode(new string('a', 1_000_000))).Message, StringComparison.Ordinal);

    [Fact]
    public void Words_are_runs_of_letters_in_lower_case() =>
        Assert.Equal(["red", "backpack", "caf\u00E9"], ClipTokenizer.Words("Red BACKPACK, 2 cafe\u0301!"));

    [Theory]
    [InlineData("vocab.json", "")]
    [InlineData("vocab.json", "{\"a\":0}")]
    [InlineData("tokenizer.json", "{")]
    [InlineData("tokenizer.json", "{\"model\":{}}")]
    [InlineData("tokenizer.json", "[]")]
    [InlineData("bpe_simple_vocab_16e6.txt.gz", "no gzip")]
    [InlineData("bpe_simple_vocab_16e6.txt", "header\nonly-one-part\n")]
    public void A_damaged_tokenizer_is_refused_with_its_path_and_a_remedy(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        if (name == "vocab.json") { File.WriteAllText(_folder["merges.txt"], "#version\na b\n"); }

        ModelException thrown = Assert.Throws<ModelException>(() => ClipTokenizer.Open(_folder[name]));

        Assert.Contains(_folder[name], thrown.Message, StringComparison.Ordinal);
        Assert.NotEmpty(thrown.Remedy);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_says_so() =>
        Assert.Contains("no tokenizer", Assert.Throws<ModelException>(() => ClipTokenizer.Open(_folder.Path)).Message, StringComparison.Ordinal);

    private static ClipTokenizer Embedded() => ClipTokenizer.Open(RepositoryFiles.Get("models", "default"));
}
