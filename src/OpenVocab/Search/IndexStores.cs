namespace OpenVocab.Search;

/// <summary>Opens stores: the one place that knows all kinds.</summary>
internal static class IndexStores
{
    /// <summary>Opens an index to ask it.</summary>
    /// <exception cref="IndexException">There is none, or it is damaged or something else.</exception>
    internal static IIndexStore Open(string place)
    {
        ArgumentException.ThrowIfNullOrEmpty(place);
        return DatabaseAddress.Is(place) ? PostgresStore.Open(DatabaseAddress.Parse(place), create: null) : SqliteStore.Open(Path.GetFullPath(place), writable: false);
    }

    /// <summary>Opens an index to write into it, and makes it where there is none.</summary>
    /// <exception cref="IndexException">It is damaged or something else, or it cannot be made.</exception>
    internal static IIndexStore OpenOrCreate(string place, EmbeddingModel model)
    {
        ArgumentException.ThrowIfNullOrEmpty(place);
        return DatabaseAddress.Is(place) ? PostgresStore.Open(DatabaseAddress.Parse(place), model) : SqliteStore.OpenOrCreate(Path.GetFullPath(place), model);
    }
}
