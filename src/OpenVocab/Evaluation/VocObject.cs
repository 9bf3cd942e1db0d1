namespace OpenVocab.Evaluation;

/// <summary>An object of a Pascal VOC file.</summary>
/// <param name="Name">Its class.</param>
/// <param name="Difficult">Whether it is marked as hard to see.</param>
/// <param name="XMin">Left edge, as written; so are the others.</param>
/// <param name="YMin">Upper edge.</param>
/// <param name="XMax">Right edge.</param>
/// <param name="YMax">Lower edge.</param>
/// <param name="Place">Where it begins: file and line.</param>
internal sealed record VocObject(string Name, bool Difficult, double XMin, double YMin, double XMax, double YMax, string Place);
