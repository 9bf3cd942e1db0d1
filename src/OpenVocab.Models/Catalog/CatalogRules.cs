using System.Text.RegularExpressions;

namespace OpenVocab.Models.Catalog;

/// <summary>
/// What the entries of a catalogue must obey beyond their form. Names become folders and files on disk, addresses are asked, so neither may hold
/// more than a name or an address.
/// </summary>
internal static partial class CatalogRules
{
    /// <summary>Every fault, a sentence each; empty if there is none.</summary>
    internal static IReadOnlyList<string> FaultsOf(IReadOnlyList<CatalogEntry> entries)
    {
        List<string> faults = [];
        if (entries.Count == 0) { faults.Add("There are no entries."); }
        faults.AddRange(Repeated(entries.Select(entry => entry.Name)).Select(name => $"The name \"{name}\" is there more than once."));
        foreach (CatalogEntry entry in entries)
        {
            if (!EntryName().IsMatch(entry.Name)) { faults.Add($"The name \"{entry.Name}\" must be 1 to 64 of a-z, 0-9, - and _, and begin with a letter or digit."); }
            if (!IsPublic(entry.License.Address)) { faults.Add($"{entry.Name}: the address of the licence is \"{entry.License.Address}\"; it must begin with https://."); }
            if (entry.Files.Count == 0) { faults.Add($"{entry.Name} has no files."); }
            faults.AddRange(Repeated(entry.Files.Select(file => file.Name)).Select(name => $"{entry.Name}: the file \"{name}\" is there more than once."));
            foreach (CatalogFile file in entry.Files) { faults.AddRange(FaultsOf(entry, file)); }
            faults.AddRange(FaultsOfReferences(entry, entries));
        }
        return faults;
    }

    private static IEnumerable<string> FaultsOf(CatalogEntry entry, CatalogFile file)
    {
        if (!FileName().IsMatch(file.Name) || file.Name.Contains(PartialFile.Suffix, StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{entry.Name}: the file name \"{file.Name}\" must be 1 to 128 of letters, digits, ., - and _, begin with a letter or digit, and not contain {PartialFile.Suffix}.";
        }
        if (!IsPublic(file.Address)) { yield return $"{entry.Name}: the address of {file.Name} is \"{file.Address}\"; it must begin with https:// and hold no password."; }
        if (file.Bytes is < 1 or > DownloadOptions.LargestFile) { yield return $"{entry.Name}: {file.Name} has {file.Bytes} bytes; it must be between 1 and {DownloadOptions.LargestFile}."; }
        if (file.Sha256 is { } hash && !Hash().IsMatch(hash)) { yield return $"{entry.Name}: the SHA-256 of {file.Name} is \"{hash}\"; it must be 64 lower-case hexadecimal digits."; }
    }

    private static IEnumerable<string> FaultsOfReferences(CatalogEntry entry, IReadOnlyList<CatalogEntry> entries)
    {
        CatalogEntry? Other(string name) => entries.FirstOrDefault(other => other.Name == name && other != entry && other.Kind == ModelKind.TextImage);
        if (entry.TextEncoder is null == (entry.Kind == ModelKind.Detector)) { yield return $"{entry.Name}: a detector, and nothing else, must name a textEncoder."; }
        if (entry.TextEncoder is { } encoder && Other(encoder) is null) { yield return $"{entry.Name}: the textEncoder \"{encoder}\" is no text-image entry."; }
        if (entry.Tokenizer is { } lender && Other(lender)?.Files.Any(file => file.IsOfTokenizer) != true) { yield return $"{entry.Name}: the tokenizer \"{lender}\" is no text-image entry that has one."; }
    }

    private static bool IsPublic(Uri address) => address.IsAbsoluteUri && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0;

    // Not every disk knows A from a.
    private static IEnumerable<string> Repeated(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,63}\z")]
    private static partial Regex EntryName();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Hash();
}
