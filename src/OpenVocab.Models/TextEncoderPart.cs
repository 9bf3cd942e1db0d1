using OpenVocab.Bundles;
using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Networks;
using OpenVocab.Models.Onnx;
using OpenVocab.Text;

namespace OpenVocab.Models;

/// <summary>What embeds words, on its way into a bundle: from a checkpoint of CLIP, or from another bundle.</summary>
internal sealed record TextEncoderPart
{
    // By SHA-256 of the published weights: embeddings of one space mean the same (openai/CLIP, clip.py; huggingface.co/openai).
    private static readonly Dictionary<string, string> s_spaces = new(StringComparer.Ordinal)
    {
        ["40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af"] = DetectorSpace,
        ["a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f"] = DetectorSpace,
        ["5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f"] = "CLIP ViT-B/16",
        ["b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836"] = "CLIP ViT-L/14",
        ["3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02"] = "CLIP ViT-L/14@336px",
    };

    /// <summary>The one that all YOLO-World networks were trained with.</summary>
    internal const string DetectorSpace = "CLIP ViT-B/32";

    /// <summary>Length of an embedding.</summary>
    internal required int Dimensions { get; init; }

    /// <summary>The most tokens of a text, start and end included.</summary>
    internal required long Positions { get; init; }

    /// <summary>Which embeddings can be compared with these; null where nobody knows.</summary>
    internal string? Space { get; init; }

    /// <summary>SHA-256 of the weights that it was made from.</summary>
    internal required string Source { get; init; }

    /// <summary>Where it came from, for messages.</summary>
    internal required string From { get; init; }

    /// <summary>Writes the text tower of a checkpoint and its tokenizer into a bundle.</summary>
    /// <exception cref="ModelException">There is no text tower, or the tokenizer does not fit.</exception>
    internal static TextEncoderPart Write(BundleWriter bundle, Checkpoint checkpoint, ClipNetwork network, ClipConfiguration configuration, ImportOptions options, List<string> notes)
    {
        if (!network.HasText) { throw new ModelException($"{checkpoint.File}: the file has no text tower.", "Give a CLIP with one."); }
        GraphBuilder graph = new("clip-text", options.Half);
        ClipText.Build(graph, network, configuration);
        graph.Save(bundle.PathOf("text-encoder.onnx"));
        bundle.Add(BundleRoles.TextEncoder, "text-encoder.onnx");
        CopyTokenizer(bundle, checkpoint.File, network.TextShape.Words, options.Tokenizer, notes);
        string source = FileHash.Of(checkpoint.File);
        return new() { Dimensions = network.Dimensions, Positions = network.TextShape.Positions, Space = s_spaces.GetValueOrDefault(source), Source = source, From = checkpoint.File };
    }

    /// <summary>Copies text encoder and tokenizer of another bundle.</summary>
    /// <exception cref="ModelException">It has none.</exception>
    internal static TextEncoderPart Copy(BundleWriter bundle, ModelBundle from)
    {
        BundleFile encoder = from.Require(BundleRoles.TextEncoder);
        foreach (BundleFile file in from.Files.Where(file => file.Role is BundleRoles.TextEncoder or BundleRoles.Tokenizer or BundleRoles.TokenizerMerges or BundleRoles.KnownWords)) { bundle.Copy(file.Role, file.Path); }
        return new() { Dimensions = from.Text.Dimensions, Positions = from.Text.Positions, Space = from.Text.EmbeddingSpace, Source = from.Text.EncoderSource ?? encoder.Sha256, From = from.Folder };
    }

    private static void CopyTokenizer(BundleWriter bundle, string weights, long words, string? given, List<string> notes)
    {
        string? found = given is null ? ClipVocabulary.TryFindIn(Path.GetDirectoryName(Path.GetFullPath(weights))!) : Directory.Exists(given) ? ClipVocabulary.TryFindIn(given) : given;
        if (found is null)
        {
            if (given is not null) { throw new ModelException($"{given}: there is no tokenizer in this folder.", "Give vocab.json beside merges.txt, tokenizer.json, or bpe_simple_vocab_16e6.txt.gz."); }
            notes.Add("There is no tokenizer beside the weights: words cannot be typed yet. Import again with --tokenizer (vocab.json beside merges.txt, tokenizer.json, or bpe_simple_vocab_16e6.txt.gz).");
            return;
        }
        int count = ClipVocabulary.Read(found).Ids.Count;
        if (count > words)
        {
            string why = $"{found}: the tokenizer has {count} tokens; the text encoder was made for {words}.";
            if (given is not null) { throw new ModelException(why, "Give the tokenizer that belongs to the weights."); }
            notes.Add(why + " It was left out; import again with --tokenizer.");
            return;
        }
        bundle.Copy(BundleRoles.Tokenizer, found);
        if (Path.GetFileName(found) == "vocab.json") { bundle.Copy(BundleRoles.TokenizerMerges, Path.Combine(Path.GetDirectoryName(found)!, "merges.txt")); }
    }
}
