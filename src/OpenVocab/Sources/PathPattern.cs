using System.IO.Enumeration;

namespace OpenVocab.Sources;

/// <summary>Expands <c>*</c>, <c>?</c> and <c>**</c> in paths, for shells that do not.</summary>
internal static class PathPattern
{
    internal static IEnumerable<string> Expand(string pattern)
    {
        string[] parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string root = pattern.StartsWith('/') ? "/" : "";
        return Expand(root, parts);
    }

    private static IEnumerable<string> Expand(string folder, ArraySegment<string> parts)
    {
        string part = parts[0];
        ArraySegment<string> rest = parts[1..];
        if (part == "**")
        {
            IEnumerable<string> here = rest.Count == 0 ? Entries(folder, "*", files: true) : Expand(folder, rest);
            return here.Concat(Entries(folder, "*", files: false).SelectMany(below => Expand(below, parts)));
        }
        if (rest.Count == 0) { return Entries(folder, part, files: true); }
        return part.AsSpan().ContainsAny('*', '?')
            ? Entries(folder, part, files: false).SelectMany(below => Expand(below, rest))
            : Expand(Path.Combine(folder, part), rest);
    }

    private static IEnumerable<string> Entries(string folder, string pattern, bool files)
    {
        string place = folder.Length == 0 ? "." : folder;
        if (!Directory.Exists(place)) { return []; }
        EnumerationOptions options = new() { IgnoreInaccessible = true };
        // Links to folders are not followed by **: they may lead in circles.
        FileSystemEnumerable<string> entries = new(place, (ref FileSystemEntry entry) => Path.Combine(folder, entry.FileName.ToString()), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                entry.IsDirectory != files && (files || (entry.Attributes & FileAttributes.ReparsePoint) == 0) &&
                FileSystemName.MatchesSimpleExpression(pattern, entry.FileName, ignoreCase: false),
        };
        return entries.Order(StringComparer.Ordinal);
    }
}
