namespace OpenVocab.Search;

/// <summary>Which network the vectors of an index come from: those of another cannot be compared with them.</summary>
/// <param name="Name">What its maker calls it; for people.</param>
/// <param name="Sha256">Of the image encoder's file, or of the detector's, 64 hexadecimal digits, lower case; it decides.</param>
/// <param name="Dimensions">Numbers a vector, 1 to 8,192.</param>
/// <param name="Path">Where the model lay, so that whoever asks need not name it again; null where it lies in no file.</param>
public sealed record EmbeddingModel(string Name, string Sha256, int Dimensions, string? Path = null);
