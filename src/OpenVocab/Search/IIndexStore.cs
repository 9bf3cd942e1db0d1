namespace OpenVocab.Search;

/// <summary>Where the vectors of an index lie: a file, or a database that several machines share.</summary>
/// <remarks>Safe for several threads; one update at a time.</remarks>
internal interface IIndexStore : IDisposable
{
    /// <summary>What messages call it; no password.</summary>
    string Name { get; }

    EmbeddingModel Model { get; }

    /// <summary>Full path of the pictures' folder; null before the first update. As it was at the last <see cref="BeginUpdate"/> or <see cref="Search"/>.</summary>
    string? Folder { get; }

    /// <summary>Pictures with a vector.</summary>
    /// <exception cref="IndexException">The store cannot be read.</exception>
    int Count();

    /// <summary>Keeps other writers out until <see cref="EndUpdate"/>.</summary>
    /// <exception cref="IndexException">Somebody else writes, or the store cannot be written.</exception>
    void BeginUpdate();

    /// <summary>Remembers the folder. Between <see cref="BeginUpdate"/> and <see cref="EndUpdate"/>.</summary>
    /// <exception cref="IndexException">The store cannot be written.</exception>
    void SetFolder(string folder);

    /// <summary>Lets others write. Safe to call without <see cref="BeginUpdate"/>.</summary>
    void EndUpdate();

    /// <summary>All files that the store knows, by name.</summary>
    /// <exception cref="IndexException">The store is damaged.</exception>
    Dictionary<string, KnownPicture> ReadKnown();

    /// <summary>Writes all of it or nothing, durably. Between <see cref="BeginUpdate"/> and <see cref="EndUpdate"/>.</summary>
    /// <param name="written">New pictures, and such that take the place of those with their name.</param>
    /// <param name="removed">Names.</param>
    /// <exception cref="IndexException">The store cannot be written.</exception>
    void Apply(IReadOnlyList<StoredPicture> written, IReadOnlyList<string> removed);

    /// <summary>The pictures with the greatest cosine; exact.</summary>
    /// <param name="query">A unit vector.</param>
    /// <param name="count">The most, at least 1.</param>
    /// <exception cref="IndexException">The store is damaged, or cannot be read.</exception>
    IReadOnlyList<StoredHit> Search(ReadOnlySpan<float> query, int count);
}
