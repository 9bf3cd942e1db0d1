using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Imaging;
using OpenVocab.Inference;
using OpenVocab.Prompts;
using OpenVocab.Text;

namespace OpenVocab.Clip;

/// <summary>
/// CLIP (Radford et al. 2021): pictures to embeddings that can be compared with each other and, where the bundle has a text encoder, with those of texts. Preprocessing is that of openai/CLIP,
/// to the pixel: upright, RGB, the shorter side resized by Pillow's antialiased bicubic, the middle cut out. What lies outside of the middle square is not seen.
/// </summary>
/// <remarks>Safe for any number of threads. Pictures of several threads are embedded side by side; texts wait for each other.</remarks>
public sealed class ClipImageEncoder : IDisposable
{
    /// <summary>What a cosine of image and text is multiplied by where the bundle does not say: the value at which CLIP's training stops (Radford et al. 2021, section 2.5).</summary>
    public const float UsualLogitScale = 100;

    /// <summary>Bounds what one call holds at once: the embeddings of as many pictures.</summary>
    private const int MostPictures = 100_000;

    private const string Remedy = "Use a CLIP with both sides: openvocab models pull clip-vit-b-32, or openvocab models import FOLDER -o clip, and name that bundle.";

    private readonly ClipImageNetwork _network;
    private readonly ModelBundle _words;
    private readonly VocabularyEncoder _encoder;

    private ClipImageEncoder(ModelBundle bundle, ClipOptions options)
    {
        Bundle = bundle;
        BundleFile file = bundle.IsBareFile ? bundle.Files[0] : bundle.Find(BundleRoles.ImageEncoder) ?? throw new ModelException(
            $"{bundle.Folder}: the bundle {bundle.Name} has no image encoder; it has {string.Join(", ", bundle.Files.Select(each => each.Role))}.", Remedy);
        _words = options.TextEncoder is { } folder ? ModelBundle.Open(folder) : bundle;
        _network = new(file.Path, new(options.Device, options.Threads) { GpuId = options.GpuId }, bundle.Image.Size, options.BatchSize);
        _encoder = new(_words, paddingPrompt: false, options.Threads);
        if (FaultOfPair() is not { } fault) { return; }
        Dispose();
        throw fault;
    }

    /// <summary>The bundle that was loaded.</summary>
    public ModelBundle Bundle { get; }

    /// <summary>Where the image encoder runs; never <see cref="ExecutionDevice.Auto"/>.</summary>
    public ExecutionDevice Device => _network.Device;

    /// <summary>Length of an embedding (512 for CLIP ViT-B/32).</summary>
    public int Dimensions => _network.Dimensions;

    /// <summary>Side of the square that the network sees, in pixels (224 for CLIP ViT-B/32).</summary>
    public int ImageSize => _network.Side;

    /// <summary>True where texts can be embedded as well.</summary>
    public bool HasText => _words.Find(BundleRoles.TextEncoder) is not null;

    /// <summary>What a cosine of image and text is multiplied by to become a logit: the bundle's, else <see cref="UsualLogitScale"/>.</summary>
    public float LogitScale => Bundle.Image.LogitScale ?? UsualLogitScale;

    /// <summary>What is added to that, for models that were trained label by label; null for CLIP, which has none.</summary>
    public float? LogitBias => Bundle.Image.LogitBias;

    /// <summary>Loads a CLIP.</summary>
    /// <param name="path">A bundle's folder (<c>openvocab models import</c>), or the ONNX file of an image encoder (<c>vision_model.onnx</c>, <c>visual.onnx</c>).</param>
    /// <exception cref="ModelException">The file or the bundle is missing, damaged, or holds no image encoder.</exception>
    public static ClipImageEncoder Load(string path) => Load(path, new ClipOptions());

    /// <summary>Loads a CLIP.</summary>
    /// <param name="path">A bundle's folder (<c>openvocab models import</c>), or the ONNX file of an image encoder (<c>vision_model.onnx</c>, <c>visual.onnx</c>).</param>
    /// <param name="options">Where it runs, and what embeds texts.</param>
    /// <exception cref="ModelException">The file or the bundle is missing, damaged, or holds no image encoder; or text and image embeddings are of different lengths.</exception>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static ClipImageEncoder Load(string path, ClipOptions options) => Load(ModelBundle.Open(path), options);

    /// <summary>Loads a CLIP from an open bundle.</summary>
    /// <param name="bundle">May serve several.</param>
    /// <param name="options">Where it runs, and what embeds texts.</param>
    /// <exception cref="ModelException">The bundle holds no image encoder, or text and image embeddings are of different lengths.</exception>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static ClipImageEncoder Load(ModelBundle bundle, ClipOptions options)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(options);
        return new(bundle, options.Validated());
    }

    /// <summary>Embeds a picture from a file.</summary>
    /// <param name="path">JPEG, PNG, WebP, BMP, TIFF or GIF; turned upright where the file says so.</param>
    /// <returns>A unit vector of <see cref="Dimensions"/> numbers.</returns>
    /// <exception cref="SourceException">The picture is missing, damaged, too large or none.</exception>
    public float[] Encode(string path)
    {
        using Mat picture = ImageFile.Read(path);
        return Encode(picture);
    }

    /// <summary>Embeds a picture.</summary>
    /// <param name="picture">Grey, BGR or BGRA, 8 or 16 bits, upright. Not kept, not changed.</param>
    /// <returns>A unit vector of <see cref="Dimensions"/> numbers.</returns>
    /// <exception cref="ArgumentException">The picture is empty or of another kind.</exception>
    /// <exception cref="ModelException">The network failed.</exception>
    /// <exception cref="ObjectDisposedException">The encoder has been disposed.</exception>
    public float[] Encode(Mat picture) => Encode(new ReadOnlySpan<Mat>(in picture))[0];

    /// <summary>Embeds pictures, several at once.</summary>
    /// <param name="pictures">Up to 100,000, each grey, BGR or BGRA, 8 or 16 bits, upright; sizes may differ. Not kept, not changed.</param>
    /// <returns>A unit vector for each, in their order.</returns>
    /// <exception cref="ArgumentException">A picture is empty or of another kind, or there are too many.</exception>
    /// <exception cref="ModelException">The network failed.</exception>
    /// <exception cref="ObjectDisposedException">The encoder has been disposed.</exception>
    public float[][] Encode(params ReadOnlySpan<Mat> pictures)
    {
        if (pictures.Length > MostPictures) { throw new ArgumentException($"There are {pictures.Length} pictures; at most {MostPictures} are embedded in a call.", nameof(pictures)); }
        foreach (Mat picture in pictures) { PixelFormat.Check(picture); }
        float[][] embeddings = new float[pictures.Length][];
        _network.Encode(pictures, embeddings);
        return embeddings;
    }

    /// <summary>Embeds a text as it is, without a template.</summary>
    /// <param name="text">Any text; of more than 77 tokens the first are read, as by the reference with <c>truncate=True</c>.</param>
    /// <returns>A unit vector of <see cref="Dimensions"/> numbers.</returns>
    /// <exception cref="ModelException">There is no text encoder, or no tokenizer, or it failed.</exception>
    public float[] EncodeText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncodeTexts([text])[0];
    }

    /// <summary>Embeds texts as they are, without templates.</summary>
    /// <param name="texts">Any texts; of more than 77 tokens the first are read, as by the reference with <c>truncate=True</c>.</param>
    /// <returns>A unit vector for each, in their order.</returns>
    /// <exception cref="ModelException">There is no text encoder, or no tokenizer, or it failed.</exception>
    public IReadOnlyList<float[]> EncodeTexts(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        RequireText();
        if (texts.Count == 0) { return []; }
        IReadOnlyList<float[]> embeddings = _encoder.EncodeCaptions(texts);
        return embeddings[0].Length == Dimensions ? embeddings : throw Mismatch(embeddings[0].Length);
    }

    /// <summary>Embeds labels in their templates: for each phrase the mean of the templates' unit vectors, brought to length 1 again.</summary>
    /// <exception cref="PromptException">A filled template has too many tokens.</exception>
    /// <exception cref="ModelException">There is no text encoder, or no tokenizer, or it failed.</exception>
    internal Vocabulary Encode(PromptSet labels)
    {
        RequireText();
        Vocabulary vocabulary = _encoder.Encode(labels);
        return vocabulary.Dimensions == Dimensions ? vocabulary : throw Mismatch(vocabulary.Dimensions);
    }

    /// <summary>True where the text encoder reads all of a text, false where <see cref="EncodeText"/> cuts it.</summary>
    /// <param name="text">Any text.</param>
    /// <exception cref="ModelException">There is no text encoder, or no tokenizer.</exception>
    public bool ReadsWhole(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        RequireText();
        return _encoder.TakesWhole(text);
    }

    /// <summary>Frees the networks; pictures that are being embedded are finished first. Safe to call twice.</summary>
    public void Dispose()
    {
        _network.Dispose();
        _encoder.Dispose();
    }

    private void RequireText()
    {
        if (!HasText) { throw new ModelException($"{_words.Name}: there is no text encoder, so pictures cannot be compared with words; the model has {string.Join(", ", _words.Files.Select(file => file.Role))}.", Remedy); }
        if (_words.Find(BundleRoles.Tokenizer) is null)
        {
            throw new ModelException($"{_words.Folder}: the bundle {_words.Name} has no tokenizer, so words cannot be embedded.", "Import the CLIP again with --tokenizer: vocab.json beside merges.txt, tokenizer.json, or bpe_simple_vocab_16e6.txt.gz.");
        }
    }

    private ModelException? FaultOfPair()
    {
        if (!HasText) { return null; }
        if (_words.Text.Dimensions != Dimensions) { return Mismatch(_words.Text.Dimensions); }
        // Embeddings of the same length and another space would be silent nonsense.
        return Bundle.Text.EmbeddingSpace is { } space && _words.Text.EmbeddingSpace is { } other && space != other
            ? new($"{Bundle.Name} is {space}; the text encoder of {_words.Name} is {other}: their embeddings do not compare.", "Give the text encoder that was trained with the image encoder: both come from one CLIP.")
            : null;
    }

    private ModelException Mismatch(int textDimensions) => new(
        $"{Bundle.Name}: the image encoder gives embeddings of {Dimensions} numbers; the text encoder of {_words.Name} gives {textDimensions}.",
        "Give the text encoder that was trained with the image encoder: both come from one CLIP.");
}
