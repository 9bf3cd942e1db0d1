namespace OpenVocab.Bundles;

/// <summary>What the files of a bundle are for.</summary>
public static class BundleRoles
{
    /// <summary>ONNX: pictures and text embeddings in, boxes and scores out.</summary>
    public const string Detector = "detector";

    /// <summary>ONNX: the same detector, computed with 8-bit numbers.</summary>
    public const string QuantizedDetector = "detector-int8";

    /// <summary>ONNX: token ids in, text embeddings out.</summary>
    public const string TextEncoder = "text-encoder";

    /// <summary>ONNX: text embeddings in, queries for stored regions out.</summary>
    public const string QueryEncoder = "query-encoder";

    /// <summary>ONNX: pictures in, image embeddings out.</summary>
    public const string ImageEncoder = "image-encoder";

    /// <summary>The tokenizer: OpenAI's <c>.txt.gz</c>, <c>tokenizer.json</c>, or <c>vocab.json</c> (then with <see cref="TokenizerMerges"/>).</summary>
    public const string Tokenizer = "tokenizer";

    /// <summary><c>merges.txt</c> beside a <c>vocab.json</c>.</summary>
    public const string TokenizerMerges = "tokenizer-merges";

    /// <summary>Text: the words that the text encoder has seen, one a line, lower case.</summary>
    public const string KnownWords = "known-words";

    /// <summary>JSON: names and prompts of the default vocabulary.</summary>
    public const string VocabularyNames = "vocabulary-names";

    /// <summary>NumPy array: embeddings of the default vocabulary, a row a prompt.</summary>
    public const string VocabularyEmbeddings = "vocabulary-embeddings";
}
