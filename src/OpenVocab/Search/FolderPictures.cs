using System.IO.Enumeration;

namespace OpenVocab.Search;

/// <summary>Finds the pictures of a folder, by their names: opening a million files to see what they are would take longer than the rest.</summary>
internal static class FolderPictures
{
    private const int Most = 10_000_000;

    private static readonly HashSet<string> s_extensions = new([".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif"], StringComparer.OrdinalIgnoreCase);

    /// <summary>All pictures, in the order of their names.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="recursive">Folders below as well; hidden ones, and links to folders, which may lead in circles, never.</param>
    /// <param name="cancellation">Ends the looking.</param>
    /// <exception cref="SourceException">There is no such folder, or it cannot be read.</exception>
    internal static List<FoundPicture> Find(string folder, bool recursive, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            throw new SourceException(SourceFault.NotFound, $"{folder}: there is no such folder.", File.Exists(folder) ? "Give the folder that the file lies in." : "Check the path.");
        }
        EnumerationOptions options = new() { RecurseSubdirectories = recursive, IgnoreInaccessible = true };
        FileSystemEnumerable<FoundPicture> entries = new(folder, (ref FileSystemEntry entry) => new(NameOf(folder, ref entry), new(entry.Length, entry.LastWriteTimeUtc.UtcTicks)), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && s_extensions.Contains(Path.GetExtension(entry.FileName).ToString()),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
        List<FoundPicture> found = [];
        try
        {
            foreach (FoundPicture each in entries)
            {
                cancellation.ThrowIfCancellationRequested();
                if (found.Count == Most) { throw new SourceException(SourceFault.TooLarge, $"{folder}: there are more than {Most} pictures in it.", "Index its parts into files of their own."); }
                // Unix lets names have bytes that are no text: such a file has no name that could be looked up again.
                if (PictureName.IsInside(each.Name) && !each.Name.Contains('\uFFFD')) { found.Add(each); }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceFault.NotReadable, $"{folder}: the folder cannot be read: {fault.Message}", "Check its rights.", fault);
        }
        found.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return found;
    }

    private static string NameOf(string folder, ref FileSystemEntry entry)
    {
        string name = Path.GetRelativePath(folder, entry.ToFullPath());
        return OperatingSystem.IsWindows() ? name.Replace('\\', '/') : name;
    }
}
