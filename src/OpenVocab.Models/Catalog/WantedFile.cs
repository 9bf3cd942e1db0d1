namespace OpenVocab.Models.Catalog;

/// <summary>A file together with the entry that it belongs to: what is fetched, and where it goes.</summary>
/// <param name="Entry">Gives the folder and the licence.</param>
/// <param name="File">One of the entry's files.</param>
public sealed record WantedFile(CatalogEntry Entry, CatalogFile File)
{
    /// <summary><c>entry/file</c>: how it is called in messages, below a mirror and among the recorded hashes.</summary>
    public string Name => $"{Entry.Name}/{File.Name}";
}
