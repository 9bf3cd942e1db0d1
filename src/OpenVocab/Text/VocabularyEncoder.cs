using System.Numerics.Tensors;
using OpenVocab.Bundles;
using OpenVocab.Prompts;

namespace OpenVocab.Text;

/// <summary>
/// Words to numbers: fills each phrase into the templates, embeds it (from the cache, or by the text encoder), averages the templates, and
/// lays the rows out as a <see cref="Vocabulary"/>.
/// </summary>
/// <remarks>Safe for several threads. Nothing is looked at before a set is asked for; the text encoder is opened when a phrase is first missing from the cache.</remarks>
internal sealed class VocabularyEncoder : IDisposable
{
    private const string Padding = " ";
    private const int MostListed = 10;

    private readonly ModelBundle _bundle;
    private readonly bool _paddingPrompt;
    private readonly Lazy<TextEmbeddingCache> _cache;
    private readonly Lazy<ClipTokenizer> _tokenizer;
    private readonly Lazy<ClipTextEncoder> _encoder;
    private readonly Lazy<HashSet<string>?> _knownWords;
    private readonly Lazy<Dictionary<string, float[]>> _own;

    internal VocabularyEncoder(ModelBundle bundle, bool paddingPrompt, int threads)
    {
        (_bundle, _paddingPrompt) = (bundle, paddingPrompt);
        _cache = new(() => new TextEmbeddingCache(Encoder().Sha256));
        _tokenizer = new(() => ClipTokenizer.Open(bundle.Require(BundleRoles.Tokenizer).Path));
        _encoder = new(() => new ClipTextEncoder(Encoder().Path, _tokenizer.Value, bundle.Text.Positions, threads));
        _own = new(OwnEmbeddings);
        _knownWords = new(() => bundle.Find(BundleRoles.KnownWords) is { } file ? [.. File.ReadLines(file.Path)] : null);
    }

    /// <summary>Embeds a set.</summary>
    /// <exception cref="PromptException">A prompt has too many tokens.</exception>
    /// <exception cref="ModelException">The bundle has no text encoder, or it failed.</exception>
    internal Vocabulary Encode(PromptSet prompts)
    {
        List<string> phrases = [];
        List<int> classOfRow = [];
        for (int classId = 0; classId < prompts.Classes.Count; classId++)
        {
            foreach (string phrase in prompts.Classes[classId].Prompts)
            {
                phrases.Add(phrase);
                classOfRow.Add(classId);
            }
        }
        phrases.AddRange(prompts.Background);
        string[] unknown = UnknownWords(phrases);
        IReadOnlyList<string> templates = prompts.Templates ?? _bundle.Text.Templates;
        List<string[]> rows = [.. phrases.Select(phrase => templates.Select(template => template.Replace("{}", phrase, StringComparison.Ordinal)).ToArray())];
        // The padding prompt is a blank as it is: YOLO-World's users give it without a template.
        if (_paddingPrompt) { rows.Add([Padding]); }
        while (classOfRow.Count < rows.Count) { classOfRow.Add(Vocabulary.BackgroundRow); }

        IReadOnlyDictionary<string, float[]> embeddings = Embed([.. rows.SelectMany(row => row).Distinct(StringComparer.Ordinal)]);
        int dimensions = embeddings.Values.First().Length;
        float[] matrix = new float[rows.Count * dimensions];
        for (int row = 0; row < rows.Count; row++) { Average(rows[row], embeddings, matrix.AsSpan(row * dimensions, dimensions)); }
        return new Vocabulary(prompts, matrix, [.. classOfRow], dimensions, _paddingPrompt, unknown);
    }

    /// <summary>Embeds texts as they are, without templates; nothing is remembered: each caption of a list is asked for once.</summary>
    /// <returns>Unit vectors, in the order of the texts; what has more tokens than the encoder takes is cut.</returns>
    /// <exception cref="ModelException">The bundle has no text encoder, or it failed.</exception>
    internal IReadOnlyList<float[]> EncodeCaptions(IReadOnlyList<string> captions) => _encoder.Value.Encode(captions, truncate: true);

    /// <summary>True where <see cref="EncodeCaptions"/> takes all of a text.</summary>
    internal bool TakesWhole(string caption) => _tokenizer.Value.Encode(caption).Count + 2 <= _bundle.Text.Positions;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_encoder.IsValueCreated) { _encoder.Value.Dispose(); }
    }

    private BundleFile Encoder() => _bundle.Require(BundleRoles.TextEncoder);

    // The words that a bundle brings with it need no text encoder.
    private Dictionary<string, float[]> OwnEmbeddings()
    {
        Dictionary<string, float[]> own = new(StringComparer.OrdinalIgnoreCase);
        Vocabulary vocabulary = _bundle.LoadDefaultVocabulary();
        for (int row = 0; row < vocabulary.Rows; row++) { own.TryAdd(vocabulary.Classes[row].Prompts[0], vocabulary.Embeddings.Slice(row * vocabulary.Dimensions, vocabulary.Dimensions).ToArray()); }
        return own;
    }

    private Dictionary<string, float[]> ChooseOwn(string[] texts)
    {
        string[] unknown = [.. texts.Where(text => !_own.Value.ContainsKey(text))];
        if (unknown.Length == 0) { return texts.ToDictionary(text => text, text => _own.Value[text], StringComparer.Ordinal); }
        string knows = _own.Value.Count == 0 ? "none" : string.Join(", ", _own.Value.Keys.Take(MostListed)) + (_own.Value.Count > MostListed ? " …" : "");
        throw new ModelException(
            $"{_bundle.Name}: {string.Join(", ", unknown.Take(MostListed).Select(PromptFaults.Quote))} cannot be looked for: the model has no text encoder, and knows {_own.Value.Count} words of its own ({knows}).",
            "Name a bundle with a text encoder (--text-encoder, DetectorOptions.TextEncoder), or import the model with one: openvocab models import … --text-encoder ….");
    }

    private Dictionary<string, float[]> Embed(string[] texts)
    {
        if (_bundle.Find(BundleRoles.TextEncoder) is null) { return ChooseOwn(texts); }
        Dictionary<string, float[]> found = new(StringComparer.Ordinal);
        List<string> missing = [];
        foreach (string text in texts)
        {
            if (_cache.Value.TryGet(text) is { } embedding) { found[text] = embedding; }
            else { missing.Add(text); }
        }
        if (missing.Count > 0)
        {
            IReadOnlyList<float[]> embeddings = _encoder.Value.Encode(missing);
            for (int i = 0; i < missing.Count; i++)
            {
                found[missing[i]] = embeddings[i];
                _cache.Value.Add(missing[i], embeddings[i]);
            }
        }
        return found;
    }

    private static void Average(string[] texts, IReadOnlyDictionary<string, float[]> embeddings, Span<float> row)
    {
        foreach (string text in texts) { TensorPrimitives.Add(row, embeddings[text], row); }
        if (!UnitVector.Normalize(row))
        {
            throw new PromptException($"The templates of \"{texts[0]}\" cancel each other out.", "Use fewer or other templates.");
        }
    }

    private string[] UnknownWords(List<string> phrases) => _knownWords.Value is { } known
        ? [.. phrases.SelectMany(ClipTokenizer.Words).Distinct(StringComparer.Ordinal).Where(word => !known.Contains(word))]
        : [];
}
