using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace OpenVocab.Text;

/// <summary>The two tables of CLIP's byte-pair encoding, read from any of the files in which they are published.</summary>
internal sealed class ClipVocabulary
{
    internal const string Start = "<|startoftext|>";
    internal const string End = "<|endoftext|>";
    internal const string EndOfWord = "</w>";

    /// <summary>OpenAI's file holds 262,144 merges, of which CLIP uses the first: 49,152 - 256 - 2.</summary>
    private const int MergesOfClip = 48_894;

    private const int LargestFile = 64 * 1024 * 1024;
    private const string Remedy = "Give a CLIP tokenizer: bpe_simple_vocab_16e6.txt.gz, tokenizer.json, or vocab.json beside merges.txt.";

    private ClipVocabulary(Dictionary<string, int> ids, IReadOnlyList<string> merges) => (Ids, Merges) = (ids, merges);

    /// <summary>Symbol to id.</summary>
    internal IReadOnlyDictionary<string, int> Ids { get; }

    /// <summary>Pairs of symbols with a blank between, best first.</summary>
    internal IReadOnlyList<string> Merges { get; }

    /// <summary>Reads a file, or what a folder holds.</summary>
    /// <exception cref="ModelException">There is no tokenizer, or it is damaged.</exception>
    internal static ClipVocabulary Read(string path)
    {
        string file = !Directory.Exists(path) ? path : TryFindIn(path) ?? throw new ModelException($"{path}: there is no tokenizer in this folder.", Remedy);
        ClipVocabulary vocabulary;
        try
        {
            vocabulary = Path.GetFileName(file) switch
            {
                var name when name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || name.EndsWith("vocab_16e6.txt", StringComparison.OrdinalIgnoreCase) => ReadOpenAi(file),
                "vocab.json" or "merges.txt" => ReadPair(Path.GetDirectoryName(Path.GetFullPath(file))!),
                _ => ReadTokenizerJson(file),
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or InvalidDataException or DecoderFallbackException
            or InvalidOperationException or FormatException)
        {
            throw new ModelException($"{file}: this tokenizer cannot be read: {fault.Message}", Remedy, fault);
        }
        vocabulary.Check(file);
        return vocabulary;
    }

    /// <summary>The tokenizer of a folder, or null.</summary>
    internal static string? TryFindIn(string folder)
    {
        foreach (string name in new[] { "vocab.json", "tokenizer.json", "bpe_simple_vocab_16e6.txt.gz", "bpe_simple_vocab_16e6.txt" })
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path) && (name != "vocab.json" || File.Exists(Path.Combine(folder, "merges.txt")))) { return path; }
        }
        return null;
    }

    private static ClipVocabulary ReadOpenAi(string path)
    {
        string text = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? Utf8(Inflate(path), path) : Utf8(Load(path), path);
        // The first line is a header.
        string[] merges = [.. text.Split('\n').Skip(1).Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0).Take(MergesOfClip)];
        List<string> symbols = [.. ByteLetters.InOrder.Select(letter => letter.ToString())];
        symbols.AddRange(ByteLetters.InOrder.Select(letter => letter + EndOfWord));
        foreach (string merge in merges)
        {
            string[] parts = merge.Split(' ');
            if (parts.Length != 2) { throw new InvalidDataException($"the merge \"{Shorten(merge)}\" does not have two parts"); }
            symbols.Add(parts[0] + parts[1]);
        }
        symbols.AddRange([Start, End]);
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        for (int id = 0; id < symbols.Count; id++) { ids[symbols[id]] = id; }
        return new(ids, merges);
    }

    private static ClipVocabulary ReadPair(string folder)
    {
        using JsonDocument document = JsonDocument.Parse(Load(Path.Combine(folder, "vocab.json")));
        string text = Utf8(Load(Path.Combine(folder, "merges.txt")), folder);
        return new(ReadIds(document.RootElement), [.. text.Split('\n').Select(line => line.TrimEnd('\r')).Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)))]);
    }

    private static ClipVocabulary ReadTokenizerJson(string path)
    {
        using JsonDocument document = JsonDocument.Parse(Load(path));
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("model", out JsonElement model) ||
            !model.TryGetProperty("vocab", out JsonElement ids) || !model.TryGetProperty("merges", out JsonElement merges))
        {
            throw new InvalidDataException("it has no model with vocab and merges");
        }
        return new(ReadIds(ids), [.. merges.EnumerateArray().Select(merge => merge.ValueKind == JsonValueKind.Array ? $"{merge[0].GetString()} {merge[1].GetString()}" : merge.GetString()!)]);
    }

    private static Dictionary<string, int> ReadIds(JsonElement json)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in json.EnumerateObject()) { ids[entry.Name] = entry.Value.GetInt32(); }
        return ids;
    }

    private static byte[] Load(string path)
    {
        long length = new FileInfo(path).Length;
        return length <= LargestFile ? File.ReadAllBytes(path) : throw new InvalidDataException($"it has {length} bytes; at most {LargestFile} are read");
    }

    private static byte[] Inflate(string path)
    {
        using GZipStream stream = new(new MemoryStream(Load(path)), CompressionMode.Decompress);
        using MemoryStream inflated = new();
        byte[] buffer = new byte[81_920];
        for (int read; (read = stream.Read(buffer)) > 0; inflated.Write(buffer, 0, read))
        {
            if (inflated.Length > LargestFile) { throw new InvalidDataException($"it inflates to more than {LargestFile} bytes"); }
        }
        return inflated.ToArray();
    }

    private static string Utf8(byte[] bytes, string path) => bytes.Length > 0
        ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes)
        : throw new InvalidDataException($"{Path.GetFileName(path)} is empty");

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "…" : text;

    // A tokenizer of another model has other special tokens, lacks bytes, or merges into symbols that it does not number.
    private void Check(string file)
    {
        if (!Ids.ContainsKey(Start) || !Ids.ContainsKey(End))
        {
            throw new ModelException($"{file}: this is no tokenizer of CLIP: the tokens {Start} and {End} are not in it.", Remedy);
        }
        foreach (char letter in ByteLetters.InOrder)
        {
            if (!Ids.ContainsKey(letter.ToString()) || !Ids.ContainsKey(letter + EndOfWord))
            {
                throw new ModelException($"{file}: the tokenizer has no token for the byte {(int)ByteLetters.ByteOf(letter)}; CLIP's have all 256.", Remedy);
            }
        }
        foreach (string merge in Merges)
        {
            string[] parts = merge.Split(' ');
            if (parts.Length != 2 || !Ids.ContainsKey(parts[0]) || !Ids.ContainsKey(parts[1]) || !Ids.ContainsKey(parts[0] + parts[1]))
            {
                throw new ModelException($"{file}: the merge \"{Shorten(merge)}\" does not fit the vocabulary.", Remedy);
            }
        }
        if (Ids.Values.Any(id => id < 0 || id >= Ids.Count)) { throw new ModelException($"{file}: the tokenizer's {Ids.Count} ids are not 0 to {Ids.Count - 1}.", Remedy); }
    }
}
