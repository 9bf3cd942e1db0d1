using OpenVocab.Text;

namespace OpenVocab.Models.Catalog;

/// <summary>How files are fetched and where they go. Immutable; change it by <c>with</c>.</summary>
public sealed record DownloadOptions
{
    /// <summary>A file of which nobody knows the length may have 8 GiB, and no file more.</summary>
    public const long LargestFile = 8L * 1024 * 1024 * 1024;

    private static readonly TimeSpan[] s_waits = [.. from seconds in (int[])[1, 2, 4, 8, 15] select TimeSpan.FromSeconds(seconds)];

    /// <summary>Each entry has a folder in it. Default: <c>downloads</c> in <c>$OPENVOCAB_CACHE</c>, else in the user's cache folder.</summary>
    public string Folder { get; init; } = Path.Combine(TextEmbeddingCache.DefaultRoot, "downloads");

    /// <summary>
    /// Where to ask instead of the publishers: <c>MIRROR/entry/file</c>, http or https. A user name and a password in it go to that server alone. Null: the publishers.
    /// </summary>
    public Uri? Mirror { get; init; }

    /// <summary>Opens no connection: what is not there is an error.</summary>
    public bool Offline { get; init; }

    /// <summary>A server that sends no byte for so long is left and asked again for the rest. 1 s to 1 hour; default 30 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait before each further try; when none is left the error is final. At most 100; default 1, 2, 4, 8 and 15 s. A try that gets a megabyte further begins the ladder anew.</summary>
    public IReadOnlyList<TimeSpan> Waits { get; init; } = s_waits;

    /// <summary>Tests bring their own.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside of its bounds.</exception>
    internal DownloadOptions Validated()
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(Folder)) { faults.Add("The folder for downloads has no name."); }
        if (Mirror is { } mirror && !IsUsable(mirror)) { faults.Add($"The mirror is \"{ShownAddress.Of(mirror)}\"; it must be an http or https address without ? and #. Files are asked for as MIRROR/entry/file."); }
        if (StallTimeout < TimeSpan.FromSeconds(1) || StallTimeout > TimeSpan.FromHours(1)) { faults.Add(Invariant($"stallTimeout is {StallTimeout.TotalSeconds} s; it must lie between 1 and 3600.")); }
        if (Waits.Count > 100 || Waits.Any(wait => wait < TimeSpan.Zero || wait > TimeSpan.FromHours(1))) { faults.Add("waits must hold at most 100 times, each between 0 and 3600 s."); }
        return faults.Count == 0 ? this : throw new ArgumentException(string.Join(Environment.NewLine, faults));
    }

    /// <summary>Where a file is asked for.</summary>
    internal Uri AddressOf(WantedFile wanted) =>
        Mirror is null ? wanted.File.Address : new Uri($"{Mirror.AbsoluteUri.TrimEnd('/')}/{wanted.Name}");

    private static bool IsUsable(Uri mirror) =>
        mirror.IsAbsoluteUri && (mirror.Scheme == Uri.UriSchemeHttp || mirror.Scheme == Uri.UriSchemeHttps) && mirror.Query.Length == 0 && mirror.Fragment.Length == 0;
}
