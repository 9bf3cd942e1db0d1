using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using OpenVocab.Bundles;
using OpenVocab.Inference;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Sources;

namespace OpenVocab.Search;

/// <summary>
/// Looks at videos and pictures once and keeps what was seen as it was before it met any word: <see cref="VideoIndex"/> can be asked for any words later, without looking again. Things are followed,
/// so that one that is seen for ten seconds is one entry with a few views.
/// </summary>
/// <remarks>One run at a time. Owns its detector.</remarks>
public sealed class VideoIndexer : IDisposable
{
    private readonly VideoIndexOptions _options;
    private readonly string _settings;

    private VideoIndexer(Detector detector, string? model, VideoIndexOptions options)
    {
        (Detector, _options) = (detector, options);
        RegionSpace space = detector.RegionSpace;
        Model = ModelOf(detector, space, model);
        Form = space.Form;
        _settings = Invariant($"score {options.MinScore}, stride {options.FrameStride}, views {options.Views}, input {detector.InputSize}, guide {Digest(detector.Vocabulary.Prompts!)}");
    }

    /// <summary>The detector, with the guiding words in force.</summary>
    public Detector Detector { get; }

    /// <summary>Whose regions it keeps.</summary>
    public EmbeddingModel Model { get; }

    internal RegionForm Form { get; }

    /// <summary>Loads a detector for indexing.</summary>
    /// <param name="model">Folder of a bundle, or an ONNX file; null: the model that comes with the library.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ModelException">The model cannot be used, or gives no regions.</exception>
    /// <exception cref="PromptException">The model has no vocabulary of its own, and none is given.</exception>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static VideoIndexer Load(string? model = null, VideoIndexOptions? options = null)
    {
        options = (options ?? new()).Validated();
        Detector detector = Detector.Load(model, options.Detector with { MinScore = options.MinScore, AgnosticNms = true, MultiLabel = false }, options.Guide);
        try { return new(detector, model is null ? null : Path.GetFullPath(model), options); }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Brings sources into an index, which is made where there is none. Sources that are in it and have not changed are not looked at again.</summary>
    /// <param name="index">File of the index.</param>
    /// <param name="sources">Video files and pictures, folders, patterns.</param>
    /// <param name="progress">Told a few times a second; null: nobody is.</param>
    /// <param name="cancellation">Ends the run; that is no error. Of a video that was not done nothing is kept.</param>
    /// <exception cref="IndexException">Somebody else writes into the index, it is damaged, of another model or something else, or it cannot be written.</exception>
    /// <exception cref="SourceException">One of the sources names nothing, or is no file.</exception>
    /// <exception cref="ModelException">The network failed.</exception>
    public Task<VideoIndexReport> RunAsync(string index, IEnumerable<string> sources, IProgress<PipelineProgress>? progress, CancellationToken cancellation) =>
        RunAsync(index, [.. sources.SelectMany(FrameSources.Find)], progress, cancellation);

    /// <summary>The same without progress, to the end.</summary>
    /// <param name="index">File of the index.</param>
    /// <param name="sources">Video files and pictures, folders, patterns.</param>
    /// <exception cref="IndexException">Somebody else writes into the index, it is damaged, of another model or something else, or it cannot be written.</exception>
    /// <exception cref="SourceException">One of the sources names nothing, or is no file.</exception>
    /// <exception cref="ModelException">The network failed.</exception>
    public Task<VideoIndexReport> RunAsync(string index, params IEnumerable<string> sources) => RunAsync(index, sources, null, CancellationToken.None);

    /// <summary>The same with sources that were found before.</summary>
    /// <param name="index">File of the index.</param>
    /// <param name="sources">Video files and pictures.</param>
    /// <param name="progress">Told a few times a second; null: nobody is.</param>
    /// <param name="cancellation">Ends the run; that is no error. Of a video that was not done nothing is kept.</param>
    /// <exception cref="IndexException">Somebody else writes into the index, it is damaged, of another model or something else, or it cannot be written.</exception>
    /// <exception cref="SourceException">One of the sources is no file.</exception>
    /// <exception cref="ModelException">The network failed.</exception>
    public async Task<VideoIndexReport> RunAsync(string index, IReadOnlyList<SourceReference> sources, IProgress<PipelineProgress>? progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(index);
        long start = Stopwatch.GetTimestamp();
        SourceReference[] files = [.. sources.Select(CheckedFile).DistinctBy(source => source.Name, StringComparer.Ordinal)];
        using VideoStore store = VideoStore.OpenOrCreate(Path.GetFullPath(index), Model, Form);
        VideoIndex.CheckModel(store, Model, Form);
        store.BeginUpdate();
        try
        {
            Dictionary<string, SourceStamp> wanted = [];
            Dictionary<string, StoredSource> known = store.ReadKnown();
            SourceReference[] changed = [.. files.Where(source => HasChanged(source, known, store, wanted))];
            VideoIndexSink sink = new(store, _options, Detector.Precision == ExecutionPrecision.Quantized ? "int8" : "fp32", path => (wanted[path], _settings));
            PipelineReport? run = changed.Length == 0 ? null : await Pipeline.From(changed).Detect(Detector).WithRegions().To(sink)
                .With(new() { Source = new() { FrameStride = _options.FrameStride, Limits = _options.Limits } }).RunAsync(progress, cancellation).ConfigureAwait(false);
            return new()
            {
                Sources = run?.Sources ?? [], Unchanged = files.Length - changed.Length, Frames = run?.Frames ?? 0, VideoTime = sink.VideoTime, Things = sink.Things, Views = sink.Views,
                NonFinite = (run?.NonFinite ?? 0) + sink.NonFinite, Elapsed = Stopwatch.GetElapsedTime(start), Interrupted = run?.Interrupted ?? false,
            };
        }
        finally { store.EndUpdate(); }
    }

    /// <summary>Frees the detector.</summary>
    public void Dispose() => Detector.Dispose();

    /// <summary>What an index made with a detector says of it: the file of the detector decides, in whichever form it runs.</summary>
    internal static EmbeddingModel ModelOf(Detector detector, RegionSpace space, string? path) =>
        new(detector.Bundle.Name, detector.Bundle.Require(BundleRoles.Detector).Sha256, space.Dimensions, path);

    private bool HasChanged(SourceReference source, Dictionary<string, StoredSource> known, VideoStore store, Dictionary<string, SourceStamp> wanted)
    {
        FileInfo file = new(source.Name);
        FileStamp stamp = new(file.Exists ? file.Length : 0, file.Exists ? file.LastWriteTimeUtc.Ticks : 0);
        bool here = known.TryGetValue(source.Name, out StoredSource? before) && before.Settings == _settings;
        if (here && before!.Stamp.File == stamp) { return false; }
        SourceStamp now = SourceStamp.Of(source.Name);
        if (here && before!.Stamp.Fingerprint == now.Fingerprint)
        {
            store.Touch(source.Name, stamp);
            return false;
        }
        wanted[source.Name] = now;
        return true;
    }

    private static SourceReference CheckedFile(SourceReference source) => source.Kind is SourceKind.Picture or SourceKind.Video && source.Name != "-"
        ? source with { Name = Path.GetFullPath(source.Name) }
        : throw new SourceException(SourceFault.Unsupported, $"{source.Name}: only files are indexed: what is to be shown later must still be there.", "Record the stream into a file first, and index that.");

    private static string Digest(PromptSet words)
    {
        string text = string.Join('\n', words.Classes.Select(prompt => Invariant($"{prompt.Name}:{prompt.Threshold}:{string.Join('|', prompt.Prompts)}")).Concat(words.Background).Concat(words.Templates ?? []));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}
