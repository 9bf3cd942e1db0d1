using OpenVocab.Bundles;
using OpenVocab.Models.Catalog;

namespace OpenVocab.Models;

/// <summary>Models that were fetched by name: made into bundles, and found again by that name.</summary>
public static class PulledModels
{
    /// <summary>Makes the bundle of an entry whose files are all on the disk.</summary>
    /// <param name="entry">Of the catalogue.</param>
    /// <param name="weights">The entry's first file; the others lie beside it.</param>
    /// <param name="others">For a detector: the folder with the files of its text encoder. Otherwise the folder of a lent tokenizer, or null where the entry has its own.</param>
    /// <param name="output">Where the bundle is made: see <see cref="ModelImporter.Import"/>.</param>
    /// <param name="half">Weights in 16 bits.</param>
    /// <exception cref="OpenVocabException">A file is not what its name promises, or the folder cannot be written.</exception>
    public static ImportedModel Assemble(CatalogEntry entry, string weights, string? others, string output, bool half)
    {
        ArgumentNullException.ThrowIfNull(entry);
        bool isDetector = entry.Kind == ModelKind.Detector;
        return ModelImporter.Import(weights, output, new() { TextEncoder = isDetector ? others : null, Tokenizer = isDetector ? null : others, Half = half, License = $"{entry.License.Name} ({entry.License.Address})" });
    }

    /// <summary>What a person means by a model: a path as it is, or the bundle of a model that was pulled by that name.</summary>
    /// <exception cref="ModelException">It is the name of a known model that was not pulled yet.</exception>
    public static string Resolve(string model)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        if (File.Exists(model) || Directory.Exists(model) || model.AsSpan().ContainsAny('/', '\\')) { return model; }
        string pulled = Path.Combine(DownloadFolder.DefaultModels, model);
        if (File.Exists(Path.Combine(pulled, ModelBundle.DescriptionFile))) { return pulled; }
        return ModelCatalog.ReadEmbedded().Entries.Any(entry => entry.Name == model)
            ? throw new ModelException($"{model}: this model was not fetched yet.", $"Fetch it: openvocab models pull {model}.")
            : model;
    }
}
