namespace OpenVocab.Models.Catalog;

/// <summary>What is said when a file cannot be had.</summary>
internal static class DownloadErrors
{
    private const int NoSpace = 28, NoSpaceQuota = 122, FileTooLarge = 27, NoSpaceWindows = 112, NoSpaceWindowsHandle = 39;
    private const string Elsewhere = "Try another network or a mirror (--mirror URL)";

    internal static ModelException Disk(string path, Exception fault)
    {
        // Numbers of the system: Windows marks its own.
        bool windows = (fault.HResult & 0xFFFF0000) == 0x80070000;
        int code = fault.HResult & 0xFFFF;
        bool full = windows ? code is NoSpaceWindows or NoSpaceWindowsHandle : code is NoSpace or NoSpaceQuota or FileTooLarge;
        return new(
            $"{path}: {(full ? "the disk is full" : "this cannot be read or written")}: {fault.Message}",
            full ? "Free some space and run it again: it goes on where it stopped. OPENVOCAB_CACHE names another folder for downloads." : "Check the path, its rights and the disk; OPENVOCAB_CACHE names another folder for downloads.",
            fault);
    }

    internal static ModelException Redirect(Uri address, string where) => new(
        $"{ShownAddress.Of(address)}: the server redirects {where}; this is not followed.", $"{Elsewhere}, or fetch the file with a browser and copy it (--offline says where to).");

    internal static ModelException Refused(Uri address, WantedFile wanted, string answer) => new(
        $"{ShownAddress.Of(address)}: the server answered {answer}.", $"{Elsewhere}: {wanted.Name} is then asked for as URL/{wanted.Name}.");

    internal static ModelException NotTrusted(Uri address, Exception fault) => new(
        $"{ShownAddress.Of(address)}: the server cannot prove who it is: {fault.GetBaseException().Message}",
        "Check the clock of this machine; behind a proxy that looks into connections, install its certificate. A mirror (--mirror URL) does as well.", fault);

    internal static ModelException Proxy(Uri address, Exception fault) => new(
        $"{ShownAddress.Of(address)}: the proxy does not let it through: {fault.Message}", "Check HTTPS_PROXY and NO_PROXY (http://USER:PASSWORD@HOST:PORT), or use --mirror URL.", fault);

    internal static ModelException TooLong(Uri address, WantedFile wanted, string what) => new(
        wanted.File.Bytes is { } bytes
            ? $"{ShownAddress.Of(address)}: the file has {bytes} bytes, and the server {what}: this is another file."
            : $"{ShownAddress.Of(address)}: the server {what}; at most {DownloadOptions.LargestFile} bytes are taken.",
        $"{Elsewhere}, or fetch the file with a browser and copy it (--offline says where to).");

    internal static ModelException GaveUp(Uri address, WantedFile wanted, Interruption last, int tries) => new(
        $"{ShownAddress.Of(address)}: the file could not be fetched in {tries} tries; at the last one {last.Why}.",
        $"Run it again: it goes on where it stopped. Behind a proxy set HTTPS_PROXY; --mirror URL asks for URL/{wanted.Name} instead.");

    internal static ModelException WrongHash(Uri address, string expected, string found) => new(
        $"{ShownAddress.Of(address)}: this is another file: its SHA-256 is {found}; the catalogue says {expected}. It was deleted.",
        $"Run it again; if it stays so, the server is not to be trusted: try another network or a mirror (--mirror URL).");

    internal static ModelException Changed(Uri address, RecordedHash recorded, string found, string records) => new(
        Invariant($"{ShownAddress.Of(address)}: the file is not what it was on {recorded.Recorded:yyyy-MM-dd}: its SHA-256 is {found}; recorded was {recorded.Sha256}. It was deleted."),
        $"If its publisher has replaced it and you trust the new one, remove its entry from {records} and run it again.");

    internal static ModelException DamagedCopy(string path, WantedFile wanted, string expected, string found) => new(
        $"{path}: the file is damaged or another one: its SHA-256 is {found}; {expected} was expected.", $"Copy it again from {ShownAddress.Of(wanted.File.Address)}, or run without --offline.");

    internal static ModelException Missing(IReadOnlyList<(WantedFile Wanted, string Path)> missing) => new(
        $"{string.Join(", ", missing.Select(file => file.Wanted.Name))}: not there, and --offline forbids to fetch {(missing.Count == 1 ? "it" : "them")}.",
        $"Run without --offline, or copy{string.Concat(missing.Select(file => $"{Environment.NewLine}    {ShownAddress.Of(file.Wanted.File.Address)}{Environment.NewLine}      to {file.Path}"))}");
}
