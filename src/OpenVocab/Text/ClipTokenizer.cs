using System.Text;
using Microsoft.ML.Tokenizers;

namespace OpenVocab.Text;

/// <summary>
/// CLIP's tokenizer: text to the ids that the text encoder was trained with. Cleaning and splitting are ours, because no .NET library does them
/// as the original does; byte-pair merging is Microsoft.ML.Tokenizers'.
/// </summary>
/// <remarks>Safe for any number of threads. Ids equal those of openai/CLIP, except that mojibake is not repaired.</remarks>
public sealed class ClipTokenizer
{
    /// <summary>The library's merging is quadratic in the length of one word: 100,000 letters take a third of a second, a million half a minute.</summary>
    private const int LongestWord = 100_000;

    private static readonly string[] s_specials = [ClipVocabulary.Start, ClipVocabulary.End];

    private readonly BpeTokenizer _bpe;
    private readonly IReadOnlyDictionary<string, int> _ids;

    private ClipTokenizer(BpeTokenizer bpe, IReadOnlyDictionary<string, int> ids)
    {
        (_bpe, _ids) = (bpe, ids);
        (StartId, EndId) = (ids[ClipVocabulary.Start], ids[ClipVocabulary.End]);
    }

    /// <summary>Id that begins every row.</summary>
    public int StartId { get; }

    /// <summary>Id that ends every row; CLIP reads its embedding there.</summary>
    public int EndId { get; }

    /// <summary>Number of entries in the vocabulary; ids are smaller.</summary>
    public int VocabularySize => _ids.Count;

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="path">
    /// OpenAI's <c>bpe_simple_vocab_16e6.txt.gz</c> (also unpacked), Hugging Face's <c>tokenizer.json</c>, its <c>vocab.json</c> or
    /// <c>merges.txt</c> (the other one lies beside it), or a folder that holds one of these.
    /// </param>
    /// <exception cref="ModelException">There is no tokenizer, or it is damaged or of another kind; or this .NET cannot normalise Unicode.</exception>
    public static ClipTokenizer Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!ClipTextCleaner.CanNormalize)
        {
            throw new ModelException(
                "This .NET runs in globalization-invariant mode: it cannot compose accents, so prompts would get wrong tokens.",
                "Install libicu (Debian, Ubuntu: the package libicu with a number), or unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        }
        ClipVocabulary vocabulary = ClipVocabulary.Read(path);
        BpeOptions options = new(vocabulary.Ids)
        {
            Merges = vocabulary.Merges,
            EndOfWordSuffix = ClipVocabulary.EndOfWord,
        };
        return new ClipTokenizer(BpeTokenizer.Create(options), vocabulary.Ids);
    }

    /// <summary>Ids of a text, without start and end, of any length.</summary>
    /// <param name="text">Any text; cleaned as CLIP does (HTML references, width, quotes, white space, case).</param>
    /// <exception cref="PromptException">A single word of it has more than 100,000 letters.</exception>
    public IReadOnlyList<int> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> ids = [];
        foreach (string piece in ClipSplitter.Split(ClipTextCleaner.Clean(text), s_specials))
        {
            if (piece.Length > LongestWord)
            {
                throw new PromptException($"{Prompts.PromptFaults.Quote(piece)} is a word of {piece.Length} letters; at most {LongestWord} are possible.", "Shorten it.");
            }
            if (Array.IndexOf(s_specials, piece) >= 0) { ids.Add(_ids[piece]); }
            else { ids.AddRange(_bpe.EncodeToIds(ByteLetters.Map(piece), considerPreTokenization: false, considerNormalization: false)); }
        }
        return ids;
    }

    /// <summary>A row for a text encoder: start, ids, end; not padded.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="positions">The most ids that the encoder takes, 77 for CLIP.</param>
    /// <exception cref="PromptException">The text needs more positions.</exception>
    public int[] EncodeRow(string text, int positions)
    {
        int[] row = [StartId, .. Encode(text), EndId];
        return row.Length <= positions ? row : throw new PromptException(
            $"{Prompts.PromptFaults.Quote(text)} has {row.Length} tokens with start and end; at most {positions} are possible.",
            "Use fewer words for this prompt.");
    }

    /// <summary>The same, cut where it is too long; the last id is the end's all the same (openai/CLIP, <c>tokenize(truncate=True)</c>).</summary>
    internal int[] EncodeTruncated(string text, int positions)
    {
        int[] row = [StartId, .. Encode(text), EndId];
        if (row.Length <= positions) { return row; }
        row[positions - 1] = EndId;
        return row[..positions];
    }

    /// <summary>The words of a text: its runs of letters after cleaning, lower case.</summary>
    /// <param name="text">Any text.</param>
    public static IEnumerable<string> Words(string text) =>
        ClipSplitter.Split(ClipTextCleaner.Clean(text), s_specials).Where(piece => Rune.GetRuneAt(piece, 0) is var first && Rune.IsLetter(first));
}
