using System.Text.Json;

namespace OpenVocab.TestKit;

/// <summary>A tokenizer for the golden CLIP of 800 tokens, which comes without one: all bytes, and merges of a few letters. Its embeddings mean nothing, as the weights do.</summary>
public static class TinyClip
{
    private const int Tokens = 800, Specials = 2, Bytes = 256;

    /// <summary>Folder with the weights of the golden CLIP in Hugging Face's layout: embeddings of 512 numbers, pictures of 224 pixels.</summary>
    public static string Weights => Golden.Path("clip", "tiny-hf");

    /// <summary>Writes <c>vocab.json</c> and <c>merges.txt</c> as Hugging Face names them.</summary>
    /// <returns>The folder.</returns>
    public static string WriteTokenizer(string folder)
    {
        Directory.CreateDirectory(folder);
        // GPT-2's visible letters for bytes: the printable ones are themselves, the others follow from U+0100.
        List<char> letters = [.. Enumerable.Range('!', '~' - '!' + 1).Concat(Enumerable.Range('¡', '¬' - '¡' + 1)).Concat(Enumerable.Range('®', 'ÿ' - '®' + 1)).Select(letter => (char)letter)];
        letters.AddRange(Enumerable.Range(0x100, Bytes - letters.Count).Select(letter => (char)letter));
        List<string> tokens = [.. letters.Select(letter => letter.ToString()), .. letters.Select(letter => letter + "</w>")];
        string[] merges = [.. from first in "abcdefghijklmnopqrstuvwxyz" from second in "aeinorstuhl" select $"{first} {second}"];
        merges = [.. merges.Take(Tokens - Specials - tokens.Count)];
        tokens.AddRange(merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)));
        tokens.AddRange(["<|startoftext|>", "<|endoftext|>"]);
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(tokens.Select((token, id) => KeyValuePair.Create(token, id)).ToDictionary()));
        File.WriteAllText(Path.Combine(folder, "merges.txt"), string.Join('\n', merges));
        return folder;
    }
}
