using OpenVocab.Prompts;

namespace OpenVocab.Search;

/// <summary>
/// What was seen in videos and pictures (<see cref="VideoIndexer"/>), to be asked for any words without looking again: each region is compared with the words, exactly, as the detector itself would
/// have done. All regions are kept in memory while the index is open, two bytes a number.
/// </summary>
/// <remarks>Safe for several threads; questions wait for each other, since each uses all cores. What somebody else writes meanwhile is seen by the next question.</remarks>
public sealed class VideoIndex : IDisposable
{
    private readonly Lock _gate = new();
    private readonly VideoStore _store;
    private readonly Detector _detector;
    private SeenRegions? _seen;
    private long _version;

    private VideoIndex(VideoStore store, Detector detector) => (_store, _detector) = (store, detector);

    /// <summary>Full path of the file.</summary>
    public string Place => _store.Name;

    /// <summary>What the index says of itself.</summary>
    /// <exception cref="IndexException">It cannot be read.</exception>
    public VideoIndexDescription Description => Describe(_store);

    /// <summary>Reads what an index says of itself, without a model: which one it wants.</summary>
    /// <param name="place">The file.</param>
    /// <exception cref="IndexException">There is none, or it is damaged or something else.</exception>
    public static VideoIndexDescription Describe(string place)
    {
        ArgumentException.ThrowIfNullOrEmpty(place);
        using VideoStore store = VideoStore.Open(Path.GetFullPath(place), writable: false);
        return Describe(store);
    }

    /// <summary>Opens an index to ask it. Nothing of it is changed.</summary>
    /// <param name="place">The file.</param>
    /// <param name="detector">Of the model that the index was made with: it embeds the words. Not disposed with the index.</param>
    /// <exception cref="IndexException">There is none, it is damaged or something else, or it was made with another model.</exception>
    /// <exception cref="ModelException">The model gives no regions.</exception>
    public static VideoIndex Open(string place, Detector detector)
    {
        ArgumentException.ThrowIfNullOrEmpty(place);
        ArgumentNullException.ThrowIfNull(detector);
        RegionSpace space = detector.RegionSpace;
        VideoStore store = VideoStore.Open(Path.GetFullPath(place), writable: false);
        try { CheckModel(store, VideoIndexer.ModelOf(detector, space, null), space.Form); }
        catch
        {
            store.Dispose();
            throw;
        }
        return new(store, detector);
    }

    /// <summary>Finds things.</summary>
    /// <param name="words">Each is asked for itself.</param>
    /// <returns>Best score first; the same every time.</returns>
    /// <exception cref="IndexException">The index is damaged, or cannot be read.</exception>
    /// <exception cref="PromptException">An empty, double or too long word.</exception>
    public IReadOnlyList<VideoAnswer> Ask(params IEnumerable<string> words) => Ask(PromptSet.Of(words), new());

    /// <summary>Finds things.</summary>
    /// <param name="words">Each class is asked for itself; its synonyms are one, and what fits the background better is left out.</param>
    /// <param name="options">Threshold and number of answers.</param>
    /// <returns>Best score first; the same every time. A thing may be the answer to several of the words.</returns>
    /// <exception cref="IndexException">The index is damaged, or cannot be read.</exception>
    /// <exception cref="PromptException">A word has too many tokens.</exception>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public IReadOnlyList<VideoAnswer> Ask(PromptSet words, AskOptions options)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(options);
        options.Validated();
        Vocabulary vocabulary = _detector.Encode(words);
        float[] queries = _detector.QueriesOf(vocabulary);
        lock (_gate)
        {
            SeenRegions seen = Load();
            List<FittingThing> fitting = RegionAsker.Ask(seen, vocabulary, queries, _detector.RegionSpace, options.MinScore ?? _detector.Bundle.Detector.ScoreThreshold);
            Dictionary<int, string?> problems = [];
            return [.. new AnswerMerge(seen).Run(fitting, options.Count).Select(merged => ToAnswer(seen, vocabulary, merged, problems))];
        }
    }

    /// <summary>Closes the index. Safe to call twice.</summary>
    public void Dispose() => _store.Dispose();

    /// <summary>Checks that an index is of a model.</summary>
    /// <exception cref="IndexException">It is of another; both are named.</exception>
    internal static void CheckModel(VideoStore store, EmbeddingModel given, RegionForm form) => new RegionIndexInfo(store.Model, store.Form).Check(store.Name, new(given, form));

    private static VideoIndexDescription Describe(VideoStore store) => new(store.Model, store.Count("source"), store.Count("thing"), store.Count("view"));

    private SeenRegions Load()
    {
        long version = _store.Version();
        if (_seen is null || version != _version) { (_seen, _version) = (_store.Load(), version); }
        return _seen;
    }

    private static VideoAnswer ToAnswer(SeenRegions seen, Vocabulary words, MergedThing merged, Dictionary<int, string?> problems)
    {
        (StoredThing thing, StoredView view) = (seen.Things[merged.Best.Thing], seen.Views[merged.Best.View]);
        StoredSource source = seen.Sources[thing.Source];
        if (!problems.TryGetValue(thing.Source, out string? problem)) { problems[thing.Source] = problem = source.Stamp.WhyOther(source.Path); }
        return new()
        {
            Words = words.Classes[merged.Best.ClassId].Name, Path = source.Path, Kind = source.Kind, SourceProblem = problem,
            From = merged.Things.Min(each => seen.Things[each].First), To = merged.Things.Max(each => seen.Things[each].Last), BestTime = view.Time, Box = view.Box, Score = merged.Best.Score,
            Track = thing.Track, Frames = merged.Things.Sum(each => seen.Things[each].Frames), Width = source.Width, Height = source.Height,
        };
    }
}
