using OpenVocab.Text;

namespace OpenVocab.Models.Catalog;

/// <summary>Where downloaded files lie: a folder an entry, and what was recorded of them.</summary>
internal sealed class DownloadFolder(string root)
{
    /// <summary>Where bundles of pulled models lie unless somebody says otherwise: <c>models</c> in the cache folder.</summary>
    internal static string DefaultModels => Path.Combine(TextEmbeddingCache.DefaultRoot, "models");

    internal RecordedHashes Hashes { get; } = new(Path.GetFullPath(root));

    internal string Of(CatalogEntry entry) => Path.Combine(Path.GetFullPath(root), entry.Name);

    internal string PathOf(WantedFile wanted) => Path.Combine(Of(wanted.Entry), wanted.File.Name);

    /// <summary>Held by whoever fetches the file.</summary>
    internal string LockOf(WantedFile wanted) => Path.Combine(Of(wanted.Entry), $".{wanted.File.Name}.lock");

    /// <summary>True if the file is there with the length that it should have; its hash is not looked at.</summary>
    internal bool Has(WantedFile wanted)
    {
        FileInfo file = new(PathOf(wanted));
        return file.Exists && (wanted.File.Bytes is not { } bytes || file.Length == bytes);
    }
}
