using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Decoding;
using OpenVocab.Imaging;
using OpenVocab.Inference;
using OpenVocab.Prompts;
using OpenVocab.Text;

namespace OpenVocab;

/// <summary>
/// Finds things that are named in words. Joins the stations: words to a <see cref="Vocabulary"/>, pixels to the network's input, the
/// network's output to detections.
/// </summary>
/// <remarks>
/// Safe for any number of threads. Calls of <c>Detect</c> run side by side, each with memory of its own. The words may change at any time:
/// a call reads the vocabulary once, at its start, so it sees the old set or the new one whole.
/// </remarks>
public sealed class Detector : IDisposable
{
    private const int MostPictures = 64, BatchOfCards = 8;

    private readonly DetectorModel _model;
    private readonly DetectorOptions _options;
    private readonly VocabularyEncoder _encoder;
    private readonly BakedClasses? _baked;
    private readonly ModelBundle _words;
    private readonly VocabularyMemory _known = new();
    private readonly ConditionalWeakTable<Vocabulary, PreparedVocabulary> _prepared = [];
    private readonly ConditionalWeakTable<Vocabulary, PreparedVocabulary>.CreateValueCallback _prepare;
    private readonly InputPlacement _placement;
    private Vocabulary _vocabulary;
    private RegionSpace? _regionSpace;
    private long _requested;

    private Detector(ModelBundle bundle, DetectorOptions options)
    {
        _options = options;
        DeviceSettings device = DeviceOf(options);
        PrecisionChoice form = PrecisionChoice.Make(options.Precision, bundle, SessionFactory.Choose(device.Device).Device, ProcessorFeatures.Here);
        Precision = form.Precision;
        _model = new DetectorModel(form.Path, device, keepsContract: !bundle.IsBareFile, options.ImageSize);
        ModelSignature signature = _model.Signature;
        Bundle = bundle = bundle.IsBareFile ? bundle.With(BareModel.SettingsOf(bundle.Detector, signature.Metadata)) : bundle;
        _prepare = vocabulary => new PreparedVocabulary(vocabulary, bundle.Detector, options, signature);
        try
        {
            _words = BareModel.FindWords(bundle, options, signature);
            _encoder = new VocabularyEncoder(_words, options.PaddingPrompt ?? bundle.Text.PaddingPrompt, options.Threads);
            _placement = InputPlacement.Choose(bundle.Detector, options, signature);
            BatchSize = signature.Picture.Batch > 0 ? signature.Picture.Batch : options.BatchSize ?? (_model.Choice.Device == ExecutionDevice.Cpu ? 1 : BatchOfCards);
            _baked = signature.Text is null ? new BakedClasses(bundle.Name, signature.Classes) : null;
            _vocabulary = _baked?.All ?? BareModel.DefaultVocabulary(bundle, _words, signature);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The bundle that was loaded.</summary>
    public ModelBundle Bundle { get; }

    /// <summary>Where the network runs; never <see cref="ExecutionDevice.Auto"/>.</summary>
    public ExecutionDevice Device => _model.Choice.Device;

    /// <summary>Why the network runs there, where nobody asked for a device: a clause for a sentence. Null where somebody did.</summary>
    public string? DeviceReason => _model.Choice.Reason;

    /// <summary>What numbers the network is computed with; never <see cref="ExecutionPrecision.Auto"/>.</summary>
    public ExecutionPrecision Precision { get; }

    /// <summary>Size of the network's input; with a minimal rectangle the largest.</summary>
    public InputSize InputSize => _placement.Size;

    /// <summary>True where pictures that are not square get an input smaller than <see cref="InputSize"/>.</summary>
    internal bool UsesMinimalRectangle => _placement.MinimalRectangle;

    /// <summary>How many pictures go through the network together where several are ready.</summary>
    public int BatchSize { get; }

    /// <summary>How many frames of a file are looked at at once: one on a graphics card, which has a single queue.</summary>
    internal int ParallelFrames => Device == ExecutionDevice.Cpu ? _options.ParallelFrames : 1;

    /// <summary>What the next frame is looked at for. Starts as the bundle's own vocabulary.</summary>
    public Vocabulary Vocabulary => Volatile.Read(ref _vocabulary);

    /// <summary>What the inputs and outputs of the network are.</summary>
    internal ModelSignature Signature => _model.Signature;

    /// <summary>True where words are embedded by the small text encoder that comes with the library, for a model that was not made for it.</summary>
    internal bool BorrowsTextEncoder => Bundle.IsBareFile && _options.TextEncoder is null && !ReferenceEquals(_words, Bundle);

    private static DeviceSettings DeviceOf(DetectorOptions options) => new(options.Device, options.Threads)
    {
        ParallelRuns = options.ParallelFrames, Spins = options.Spins, GpuId = options.GpuId, HalfPrecision = options.HalfPrecision, EngineCache = options.Device == ExecutionDevice.TensorRt ? Path.Combine(TextEmbeddingCache.DefaultRoot, "tensorrt") : null,
    };

    /// <summary>Loads the model that comes with the library.</summary>
    /// <exception cref="ModelException">The files beside the program are missing or damaged.</exception>
    public static Detector Load() => Load(new DetectorOptions());

    /// <summary>Loads the model that comes with the library.</summary>
    /// <param name="options">What is not set is as the bundle says.</param>
    /// <exception cref="ModelException">The files beside the program are missing or damaged, or the device cannot be had.</exception>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static Detector Load(DetectorOptions options) => Load(ModelBundle.OpenDefault(), options);

    /// <summary>Loads a bundle.</summary>
    /// <param name="path">A folder with a <c>bundle.json</c>, or an ONNX file.</param>
    /// <exception cref="ModelException">The bundle is missing or damaged.</exception>
    public static Detector Load(string path) => Load(path, new DetectorOptions());

    /// <summary>Loads a bundle.</summary>
    /// <param name="path">A folder with a <c>bundle.json</c>, or an ONNX file.</param>
    /// <param name="options">What is not set is as the bundle says.</param>
    /// <exception cref="ModelException">The bundle is missing or damaged, or the device cannot be had.</exception>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static Detector Load(string path, DetectorOptions options) => Load(ModelBundle.Open(path), options);

    /// <summary>Loads a bundle and puts words in force.</summary>
    /// <param name="path">A folder with a <c>bundle.json</c>, or an ONNX file; null: the model that comes with the library.</param>
    /// <param name="options">What is not set is as the bundle says.</param>
    /// <param name="classes">What to look for; null: the bundle's own vocabulary.</param>
    /// <exception cref="ModelException">The bundle is missing or damaged, or the device cannot be had.</exception>
    /// <exception cref="PromptException">The words cannot be looked for, or none are given and the model has none.</exception>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static Detector Load(string? path, DetectorOptions options, PromptSet? classes)
    {
        Detector detector = Load(path is null ? ModelBundle.OpenDefault() : ModelBundle.Open(path), options);
        try
        {
            if (classes is not null) { detector.SetClasses(classes); }
            return detector.Vocabulary.Rows > 0 ? detector : throw new PromptException($"{detector.Bundle.Name} has no words of its own.", "Say what to look for: --classes, or SetClasses.");
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Loads an open bundle.</summary>
    /// <param name="bundle">May serve several detectors.</param>
    /// <param name="options">What is not set is as the bundle says.</param>
    /// <exception cref="ModelException">The bundle is damaged, or the device cannot be had.</exception>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static Detector Load(ModelBundle bundle, DetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(options);
        return new(bundle, options.Validated());
    }

    /// <summary>Looks for these from the next frame on.</summary>
    /// <param name="classes">Names, as they will be reported; each is its own prompt.</param>
    /// <returns>The vocabulary that is in force.</returns>
    /// <exception cref="PromptException">An empty, double or too long name.</exception>
    public Vocabulary SetClasses(params IEnumerable<string> classes) => SetClasses(PromptSet.Of(classes));

    /// <summary>Looks for this set from the next frame on. A set that was used before costs a look-up.</summary>
    /// <param name="prompts">Classes, synonyms, background, thresholds.</param>
    /// <returns>The vocabulary that is in force.</returns>
    /// <exception cref="PromptException">A prompt has too many tokens.</exception>
    public Vocabulary SetClasses(PromptSet prompts)
    {
        long now = Stopwatch.GetTimestamp();
        Vocabulary vocabulary = Encode(prompts);
        Volatile.Write(ref _requested, now);
        Volatile.Write(ref _vocabulary, vocabulary);
        return vocabulary;
    }

    /// <summary>What regions of this detector are: a result with room for <see cref="FrameResult.Regions"/> gets them.</summary>
    /// <exception cref="ModelException">It gives none, or such that nobody knows how to ask.</exception>
    internal RegionSpace RegionSpace => _regionSpace ??= RegionQueries.SpaceOf(Bundle, Signature);

    /// <summary>A vocabulary as queries for regions: a row for each of its rows.</summary>
    /// <exception cref="ModelException">The query encoder cannot be used.</exception>
    internal float[] QueriesOf(Vocabulary vocabulary) => RegionQueries.Encode(Bundle, RegionSpace, vocabulary);

    /// <summary>Of each class, the score that a detection must exceed.</summary>
    internal float[] ThresholdsOf(Vocabulary vocabulary) => _prepared.GetValue(vocabulary, _prepare).Settings.Thresholds;

    /// <summary>How long ago a vocabulary was asked for, if it is still the one in force and was asked for at all.</summary>
    internal TimeSpan? TimeSinceRequest(Vocabulary vocabulary) =>
        Volatile.Read(ref _requested) is not 0 and var since && ReferenceEquals(vocabulary, Vocabulary) ? Stopwatch.GetElapsedTime(since) : null;

    /// <summary>Embeds a set without putting it in force, for <see cref="Detect(Mat, Vocabulary)"/>.</summary>
    /// <param name="prompts">Classes, synonyms, background, thresholds.</param>
    /// <exception cref="PromptException">A prompt has too many tokens.</exception>
    public Vocabulary Encode(PromptSet prompts)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        return _known.GetOrAdd(prompts, EncodeNew);
    }

    private Vocabulary EncodeNew(PromptSet prompts)
    {
        if (_baked is not null) { return _baked.Choose(prompts); }
        BareModel.CheckDimensions(Bundle, _words, Signature);
        return _encoder.Encode(prompts);
    }

    /// <summary>Detects in a picture file.</summary>
    /// <param name="path">JPEG, PNG, WebP, BMP, TIFF or GIF, up to 50 megapixels; turned upright where the file says so.</param>
    /// <returns>A result that can draw itself: <see cref="FrameResult.Draw()"/>.</returns>
    /// <exception cref="SourceException">The picture is missing, damaged, too large or none.</exception>
    public FrameResult Detect(string path)
    {
        byte[] encoded = ImageFile.ReadBytes(path);
        using Mat picture = ImageFile.Decode(encoded, path);
        FrameResult result = Detect(picture);
        (result.Picture, result.PictureName) = (encoded, path);
        return result;
    }

    /// <summary>Detects in a picture.</summary>
    /// <param name="picture">Grey, BGR or BGRA, 8 or 16 bits. Not kept, not changed.</param>
    /// <returns>A new result: the only memory that the call leaves behind.</returns>
    /// <exception cref="ArgumentException">The picture is empty or of another kind.</exception>
    public FrameResult Detect(Mat picture) => Detect(picture, Vocabulary);

    /// <summary>Detects in a picture with words of its own, whatever the detector's are: many users of one detector never wait for each other.</summary>
    /// <param name="picture">Grey, BGR or BGRA, 8 or 16 bits. Not kept, not changed.</param>
    /// <param name="vocabulary">From <see cref="Encode"/>.</param>
    /// <returns>A new result.</returns>
    /// <exception cref="ArgumentException">The picture is empty or of another kind, or the vocabulary is empty or of another text encoder.</exception>
    public FrameResult Detect(Mat picture, Vocabulary vocabulary)
    {
        FrameResult result = new();
        Detect(picture, vocabulary, result);
        return result;
    }

    /// <summary>Detects into a result that exists: in steady state nothing is allocated.</summary>
    /// <param name="picture">Grey, BGR or BGRA, 8 or 16 bits. Not kept, not changed.</param>
    /// <param name="reuse">What it held is replaced. Not to be read by others meanwhile.</param>
    /// <exception cref="ArgumentException">The picture is empty or of another kind.</exception>
    public void Detect(Mat picture, FrameResult reuse) => Detect(picture, Vocabulary, reuse);

    /// <summary>Detects with words of its own into a result that exists: in steady state nothing is allocated.</summary>
    /// <param name="picture">Grey, BGR or BGRA, 8 or 16 bits. Not kept, not changed.</param>
    /// <param name="vocabulary">From <see cref="Encode"/>.</param>
    /// <param name="reuse">What it held is replaced. Not to be read by others meanwhile.</param>
    /// <exception cref="ArgumentException">The picture is empty or of another kind, or the vocabulary is empty or of another text encoder.</exception>
    /// <exception cref="ModelException">The network failed.</exception>
    /// <exception cref="ObjectDisposedException">The detector has been disposed.</exception>
    public void Detect(Mat picture, Vocabulary vocabulary, FrameResult reuse) => Detect(picture, vocabulary, reuse, withWeak: false);

    /// <summary>Detects in several pictures at once, each as it would be alone: one run of the network where it takes several, which a graphics card likes.</summary>
    /// <param name="pictures">At most 64, each grey, BGR or BGRA, 8 or 16 bits; sizes may differ. Not kept, not changed.</param>
    /// <param name="vocabulary">From <see cref="Encode"/>.</param>
    /// <param name="reuse">A result for each picture; what it held is replaced. Timings are each picture's share.</param>
    /// <exception cref="ArgumentException">A picture is empty or of another kind, there are too many, or as many results as pictures are not given.</exception>
    /// <exception cref="ModelException">The network failed.</exception>
    /// <exception cref="ObjectDisposedException">The detector has been disposed.</exception>
    public void Detect(ReadOnlySpan<Mat> pictures, Vocabulary vocabulary, ReadOnlySpan<FrameResult> reuse) => Detect(pictures, vocabulary, reuse, withWeak: false);

    /// <param name="picture">Grey, BGR or BGRA, 8 or 16 bits.</param>
    /// <param name="vocabulary">From <see cref="Encode"/>.</param>
    /// <param name="reuse">What it held is replaced.</param>
    /// <param name="withWeak">Also boxes below the thresholds, for a tracker: <see cref="PreparedVocabulary.WeakSettings"/>.</param>
    internal void Detect(Mat picture, Vocabulary vocabulary, FrameResult reuse, bool withWeak)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(reuse);
        Detect(new ReadOnlySpan<Mat>(in picture), vocabulary, new ReadOnlySpan<FrameResult>(in reuse), withWeak);
    }

    internal void Detect(ReadOnlySpan<Mat> pictures, Vocabulary vocabulary, ReadOnlySpan<FrameResult> reuse, bool withWeak)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (pictures.Length != reuse.Length) { throw new ArgumentException($"There are {pictures.Length} pictures and {reuse.Length} results; give a result for each.", nameof(reuse)); }
        if (pictures.Length > MostPictures) { throw new ArgumentException($"There are {pictures.Length} pictures; at most {MostPictures} are looked at at once.", nameof(pictures)); }
        PreparedVocabulary prepared = _prepared.GetValue(vocabulary, _prepare);
        InferenceSlot slot = _model.Rent();
        try
        {
            for (int done = 0; done < pictures.Length;)
            {
                int count = TakeBatch(slot, pictures[done..]);
                DetectBatch(slot, pictures.Slice(done, count), prepared, vocabulary, reuse.Slice(done, count), withWeak);
                done += count;
            }
        }
        finally
        {
            _model.Return(slot);
        }
    }

    /// <summary>Places the first pictures that can go through the network together.</summary>
    private int TakeBatch(InferenceSlot slot, ReadOnlySpan<Mat> pictures)
    {
        slot.Geometries.Clear();
        foreach (Mat picture in pictures)
        {
            PixelFormat.Check(picture);
            LetterboxGeometry geometry = _placement.Place(picture.Width, picture.Height);
            bool fits = slot.Geometries.Count == 0 || slot.Geometries.Count < BatchSize && (geometry.Width, geometry.Height) == (slot.Geometries[0].Width, slot.Geometries[0].Height);
            if (!fits) { break; }
            slot.Geometries.Add(geometry);
        }
        return slot.Geometries.Count;
    }

    private static void DetectBatch(
        InferenceSlot slot, ReadOnlySpan<Mat> pictures, PreparedVocabulary prepared, Vocabulary vocabulary, ReadOnlySpan<FrameResult> reuse, bool withWeak)
    {
        using Activity? activity = Telemetry.Activities.StartActivity("detect");
        long start = Stopwatch.GetTimestamp();
        (int width, int height) = (slot.Geometries[0].Width, slot.Geometries[0].Height);
        Span<float> planes = slot.PixelsFor(width, height, pictures.Length);
        int size = 3 * width * height;
        for (int i = 0; i < pictures.Length; i++) { slot.Letterbox.Write(slot.Pixels.ToBgr(pictures[i]), slot.Geometries[i], planes.Slice(i * size, size)); }
        long packed = Stopwatch.GetTimestamp();
        slot.Run(prepared.Text, prepared.Rows, WantsRegions(reuse));
        long inferred = Stopwatch.GetTimestamp();
        for (int i = 0; i < pictures.Length; i++)
        {
            LetterboxGeometry geometry = slot.Geometries[i];
            FrameResult result = reuse[i];
            Collect(slot, i, withWeak ? prepared.WeakSettings : prepared.Settings, geometry, result);
            (result.Vocabulary, result.Thresholds, result.Counts) = (vocabulary, prepared.Settings.Thresholds, []);
            (result.Width, result.Height) = (geometry.SourceWidth, geometry.SourceHeight);
        }
        int count = pictures.Length;
        StageTimings share = new(
            Stopwatch.GetElapsedTime(start, packed) / count, Stopwatch.GetElapsedTime(packed, inferred) / count, Stopwatch.GetElapsedTime(inferred) / count);
        foreach (FrameResult result in reuse) { result.Timings = share; }
        activity?.SetTag("pictures", count).SetTag("width", width).SetTag("height", height).SetTag("classes", vocabulary.Classes.Count);
    }

    /// <summary>Frees the networks; calls that are running end first. Safe to call twice.</summary>
    public void Dispose()
    {
        _model.Dispose();
        // Null where the constructor failed before.
        _encoder?.Dispose();
    }

    private static void Collect(InferenceSlot slot, int picture, DecodeSettings settings, in LetterboxGeometry geometry, FrameResult into)
    {
        Candidates candidates = slot.Candidates;
        slot.Decoder.Decode(slot.Outputs, picture, settings, candidates);
        if (slot.Decoder.NeedsSuppression) { slot.Suppression.Run(candidates, settings, slot.Kept); }
        else { NonMaxSuppression.TakeFirst(candidates, settings, slot.Kept); }
        into.Items.Clear();
        foreach (int i in slot.Kept)
        {
            Box box = geometry.ToSource(candidates.X1[i], candidates.Y1[i], candidates.X2[i], candidates.Y2[i]);
            into.Items.Add(new Detection(candidates.ClassId[i], candidates.Score[i], box));
        }
        into.NonFinite = candidates.NonFinite;
        if (into.Regions is { } regions) { Collect(slot, picture, regions); }
    }

    // The first output is the boxes': a candidate's anchor is a column of both.
    private static void Collect(InferenceSlot slot, int picture, RegionVectors into)
    {
        OutputTensor regions = slot.Outputs.Regions!;
        ReadOnlySpan<float> values = regions.Of(picture);
        into.Clear(slot.Kept.Count, regions.Side(1));
        foreach (int i in slot.Kept) { into.Add(values, regions.Side(2), slot.Candidates.Anchor[i]); }
    }

    private static bool WantsRegions(ReadOnlySpan<FrameResult> results)
    {
        foreach (FrameResult result in results)
        {
            if (result.Regions is not null) { return true; }
        }
        return false;
    }
}
