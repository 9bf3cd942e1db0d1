namespace OpenVocab.Search;

/// <summary>
/// Pictures of a folder as vectors, to be asked by words and by pictures. All vectors are compared with a query, exactly; a million of 512 numbers take 0.18 s of processor time, which all cores share. An index is one
/// SQLite file, whose vectors are kept in memory while it is open (two bytes a number); or it lies in a PostgreSQL database with pgvector, which several machines share.
/// </summary>
/// <remarks>
/// Safe for several threads: queries wait for each other (each uses all cores), and for the moments in which an update of the same index writes. Several programs may ask one index, and one of
/// them may write into it.
/// </remarks>
public sealed class ImageIndex : IDisposable
{
    /// <summary>The most hits of a query.</summary>
    public const int MostHits = 10_000;

    private readonly IIndexStore _store;
    private readonly IPictureEmbedder _embedder;
    private readonly bool _writable;

    private ImageIndex(IIndexStore store, IPictureEmbedder embedder, bool writable) => (_store, _embedder, _writable) = (store, embedder, writable);

    /// <summary>Where it lies: a file's full path, or the address of a database without user and password.</summary>
    public string Place => _store.Name;

    /// <summary>What the index says of itself.</summary>
    /// <exception cref="IndexException">It cannot be read.</exception>
    public IndexDescription Description => new(_store.Model, _store.Folder, _store.Count());

    /// <summary>Reads what an index says of itself, without a model: which one it wants.</summary>
    /// <param name="place">A file, or <c>postgres://user@host/database#name</c>.</param>
    /// <exception cref="IndexException">There is none, or it is damaged or something else.</exception>
    public static IndexDescription Describe(string place)
    {
        using IIndexStore store = IndexStores.Open(place);
        return new(store.Model, store.Folder, store.Count());
    }

    /// <summary>Opens an index to ask it. Nothing of it is changed.</summary>
    /// <param name="place">A file, or <c>postgres://user@host/database#name</c>.</param>
    /// <param name="embedder">Of the model that the index was made with. Not disposed with the index.</param>
    /// <exception cref="IndexException">There is none, it is damaged or something else, or it was made with another model.</exception>
    public static ImageIndex Open(string place, IPictureEmbedder embedder)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        return Checked(IndexStores.Open(place), embedder, writable: false);
    }

    /// <summary>Opens an index to fill and to ask it, and makes it where there is none.</summary>
    /// <param name="place">A file, or <c>postgres://user@host/database#name</c>.</param>
    /// <param name="embedder">Of the model that the index was made with, or is to be. Not disposed with the index.</param>
    /// <exception cref="IndexException">It is damaged or something else, it was made with another model, or it cannot be made.</exception>
    public static ImageIndex OpenOrCreate(string place, IPictureEmbedder embedder)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        return Checked(IndexStores.OpenOrCreate(place, embedder.Model), embedder, writable: true);
    }

    /// <summary>
    /// Brings the index up to date with its folder: pictures that are new, or whose size or time of change is another, are embedded; those that are gone are removed. What was done is on disk
    /// every few pictures: a run that ends early, however it ends, is gone on with by the next one.
    /// </summary>
    /// <param name="folder">The folder of the index; the first update decides on it.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="progress">Is told after each batch, on this thread.</param>
    /// <param name="cancellation">Ends the run after the batch; that is no error.</param>
    /// <exception cref="IndexException">Somebody else writes into the index, it is of another folder, or it cannot be written.</exception>
    /// <exception cref="SourceException">There is no such folder, or no picture in it.</exception>
    /// <exception cref="ModelException">The network failed.</exception>
    /// <exception cref="InvalidOperationException">The index was opened by <see cref="Open"/>, to be asked only.</exception>
    public IndexReport Update(string folder, IndexOptions? options = null, IProgress<IndexProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!_writable) { throw new InvalidOperationException($"{_store.Name} was opened to be asked; ImageIndex.OpenOrCreate opens it to be filled as well."); }
        return new IndexUpdate(_store, _embedder, options ?? new(), progress, cancellation).Run(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
    }

    /// <summary>Finds pictures.</summary>
    /// <param name="query">Words (<c>index.Query("a dog on a beach")</c>), a picture (a <c>Mat</c>), or several of both: <c>new ImageQuery("a dog").And(picture).Not("people")</c>.</param>
    /// <param name="count">The most hits, 1 to 10,000.</param>
    /// <returns>Best first; the same every time. Empty where the index is.</returns>
    /// <exception cref="IndexException">The index is damaged, or cannot be read.</exception>
    /// <exception cref="ModelException">A network is missing, or failed.</exception>
    /// <exception cref="PromptException">The parts of the query cancel each other out.</exception>
    public IReadOnlyList<ImageHit> Query(ImageQuery query, int count = 20)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (count is < 1 or > MostHits) { throw new ArgumentException($"count is {count}; it must lie between 1 and {MostHits}.", nameof(count)); }
        IReadOnlyList<StoredHit> found = _store.Search(query.Embed(_embedder), count);
        if (found.Count == 0) { return []; }
        string folder = _store.Folder is { } own && Path.IsPathFullyQualified(own) ? own : throw IndexErrors.NoFolder(_store.Name, _store.Folder);
        return [.. found.Select(hit => new ImageHit(PictureName.In(folder, hit.Name), hit.Name, hit.Score))];
    }

    /// <summary>Closes the index. Safe to call twice.</summary>
    public void Dispose() => _store.Dispose();

    private static ImageIndex Checked(IIndexStore store, IPictureEmbedder embedder, bool writable)
    {
        (EmbeddingModel index, EmbeddingModel given) = (store.Model, embedder.Model);
        if (index.Sha256 == given.Sha256 && index.Dimensions == given.Dimensions) { return new(store, embedder, writable); }
        string name = store.Name;
        store.Dispose();
        throw IndexErrors.OtherModel(name, index, given);
    }
}
