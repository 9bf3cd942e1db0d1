namespace OpenVocab.Evaluation;

/// <summary>Which files of a data set are its pictures.</summary>
internal static class DatasetPictures
{
    /// <summary>More are not looked for: the largest public sets have two million.</summary>
    internal const int MostPictures = 10_000_000;

    /// <summary>What labelling tools write, most frequent first.</summary>
    internal static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif"];

    /// <summary>What Ultralytics takes for pictures. Some are not read here: they are reported, so that no part of a set is missing without a word.</summary>
    private static readonly HashSet<string> s_ultralytics = new(StringComparer.OrdinalIgnoreCase)
    {
        ".bmp", ".dng", ".heic", ".jpeg", ".jpg", ".mpo", ".pfm", ".png", ".tif", ".tiff", ".webp",
    };

    // Links are followed, as sets of links to pictures are common; the depth ends a link to a folder above.
    private static readonly EnumerationOptions s_deep = new() { RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = false };

    internal static bool Any(string folder) => Directory.EnumerateFiles(folder).Any(path => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase));

    /// <summary>All pictures below a folder, as Ultralytics finds them, in no order. Hidden files are none.</summary>
    internal static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(folder, "*", s_deep).Where(path => s_ultralytics.Contains(Path.GetExtension(path))).Take(MostPictures);

    /// <summary>The picture with a name, but for its ending; null where there is none.</summary>
    internal static string? WithStem(string folder, string stem)
    {
        foreach (string extension in Extensions)
        {
            if (DataFile.Resolve(folder, stem + extension) is { } path && File.Exists(path)) { return path; }
            if (DataFile.Resolve(folder, stem + extension.ToUpperInvariant()) is { } loud && File.Exists(loud)) { return loud; }
        }
        return null;
    }
}
