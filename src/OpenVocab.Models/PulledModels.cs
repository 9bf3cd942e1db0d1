using OpenVocab.Models.Catalog;

namespace OpenVocab.Models;

/// <summary>Turns the files of a pulled model into a bundle.</summary>
public static class PulledModels
{
    /// <summary>Writes the bundle of an entry whose files are all on the disk.</summary>
    /// <param name="entry">Of the catalogue.</param>
    /// <param name="detectorOrWeightsFile">The entry's first file; the others lie beside it.</param>
    /// <param name="textEncoderFolder">For a detector: the folder with the files of its text encoder. Otherwise the folder of a lent tokenizer, or null where the entry has its own.</param>
    /// <param name="output">An empty folder that is there.</param>
    /// <param name="half">Weights in 16 bits.</param>
    /// <exception cref="ModelException">A file is not what its name promises.</exception>
    public static void Assemble(CatalogEntry entry, string detectorOrWeightsFile, string? textEncoderFolder, string output, bool half) =>
        // wired up when the importer lands
        throw new NotImplementedException();
}
