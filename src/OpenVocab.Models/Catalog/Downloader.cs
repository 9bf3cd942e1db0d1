namespace OpenVocab.Models.Catalog;

/// <summary>
/// Fetches files of the catalogue and checks them. A download that ends early goes on where it stopped, one file is fetched once however many
/// processes want it, and nothing has its final name before its SHA-256 was compared.
/// </summary>
/// <remarks>Safe for several threads.</remarks>
public sealed class Downloader : IDisposable
{
    /// <summary>A try that gets so much further was worth it.</summary>
    private const long Progressed = 1024 * 1024;

    private readonly DownloadOptions _options;
    private readonly DownloadFolder _folder;
    private readonly Lazy<FileClient> _client;

    /// <summary>Opens no connection yet.</summary>
    /// <param name="options">Null: all defaults.</param>
    /// <exception cref="ArgumentException">An option lies outside of its bounds.</exception>
    public Downloader(DownloadOptions? options = null) : this(options ?? new(), handler: null) { }

    /// <param name="options">How, and where to.</param>
    /// <param name="handler">Null: the system's. Must not follow redirects, nor unpack. Disposed with this.</param>
    internal Downloader(DownloadOptions options, HttpMessageHandler? handler)
    {
        _options = options.Validated();
        _folder = new(options.Folder);
        _client = new(() => _options.Offline ? throw new InvalidOperationException("Offline, nothing may be asked for.") : new FileClient(handler));
    }

    /// <summary>Sees to it that files are there, one after the other.</summary>
    /// <param name="wanted">Usually <see cref="ModelCatalog.FilesFor"/>.</param>
    /// <param name="progress">Is told on the thread that works; may be null.</param>
    /// <param name="cancellationToken">Leaves what has come, for the next time.</param>
    /// <exception cref="ModelException">A file cannot be had, is not what it should be, or the disk is full. Offline: the message names all that are missing.</exception>
    public async Task<IReadOnlyList<DownloadedFile>> GetAsync(IReadOnlyList<WantedFile> wanted, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (_options.Offline && wanted.Where(file => !File.Exists(_folder.PathOf(file))).Select(file => (file, _folder.PathOf(file))).ToArray() is { Length: > 0 } missing)
        {
            throw DownloadErrors.Missing(missing);
        }
        List<DownloadedFile> files = [];
        foreach (WantedFile file in wanted) { files.Add(await GetAsync(file, progress, cancellationToken).ConfigureAwait(false)); }
        return files;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated) { _client.Value.Dispose(); }
    }

    private async Task<DownloadedFile> GetAsync(WantedFile wanted, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        void Tell(DownloadStage stage, long bytes, long? total, string? message = null) => progress?.Report(new(wanted, stage, bytes, total ?? wanted.File.Bytes, message));

        // Offline nothing is written: the folder may be read-only.
        using FileLock? held = _options.Offline ? null : await FileLock.AcquireAsync(
            _folder.LockOf(wanted), _options.Clock, () => Tell(DownloadStage.Waiting, 0, null, $"{wanted.File.Name}: another process fetches it; waiting."), cancellation).ConfigureAwait(false);
        DownloadedFile? file = await FindAsync(wanted, Tell, cancellation).ConfigureAwait(false);
        if (file is null)
        {
            await FetchAsync(wanted, Tell, cancellation).ConfigureAwait(false);
            file = await AcceptAsync(wanted, Tell, cancellation).ConfigureAwait(false);
        }
        Tell(DownloadStage.Done, file.Bytes, file.Bytes);
        return file;
    }

    /// <summary>The file if it is there and as it should be; null if it must be fetched.</summary>
    private async Task<DownloadedFile?> FindAsync(WantedFile wanted, Report report, CancellationToken cancellation)
    {
        string path = _folder.PathOf(wanted);
        if (!File.Exists(path)) { return null; }
        string found = await HashAsync(path, report, cancellation).ConfigureAwait(false);
        string? expected = wanted.File.Sha256 ?? _folder.Hashes.Find(wanted)?.Sha256;
        if (expected is null || found == expected) { return await DescribeAsync(wanted, found, fetched: false, report, cancellation).ConfigureAwait(false); }
        if (_options.Offline) { throw DownloadErrors.DamagedCopy(path, wanted, expected, found); }
        report(DownloadStage.Replacing, 0, null, $"{wanted.File.Name}: the file on the disk is damaged (its SHA-256 is {found}); it is fetched again.");
        return null;
    }

    private async Task FetchAsync(WantedFile wanted, Report report, CancellationToken cancellation)
    {
        using PartialFile part = new(_folder.PathOf(wanted));
        if (wanted.File.Bytes is { } bytes && part.Length > bytes) { part.StartOver(null); }
        DownloadAttempt attempt = new(_client.Value, wanted, part, _options, (received, total) => report(DownloadStage.Receiving, received, total));
        long furthest = part.Length;
        for (int failures = 0, tries = 1; !IsWhole(wanted, part); tries++)
        {
            if (await attempt.RunAsync(cancellation).ConfigureAwait(false) is not { } interruption) { break; }
            if (part.Length >= furthest + Progressed) { (furthest, failures) = (part.Length, 0); }
            if (failures == _options.Waits.Count) { throw DownloadErrors.GaveUp(_options.AddressOf(wanted), wanted, interruption, tries); }
            TimeSpan wait = _options.Waits[failures++];
            if (interruption.RetryAfter > wait) { wait = interruption.RetryAfter.Value; }
            report(DownloadStage.Retrying, part.Length, null, Invariant($"{wanted.File.Name}: {interruption.Why}; trying again in {wait.TotalSeconds:0.#} s."));
            await Task.Delay(wait, _options.Clock, cancellation).ConfigureAwait(false);
        }
        part.Flush();
    }

    private static bool IsWhole(WantedFile wanted, PartialFile part) => part.Length > 0 && part.Length == (wanted.File.Bytes ?? part.State?.TotalBytes);

    /// <summary>Compares the hash of a whole part, and gives it its name.</summary>
    private async Task<DownloadedFile> AcceptAsync(WantedFile wanted, Report report, CancellationToken cancellation)
    {
        using PartialFile part = new(_folder.PathOf(wanted));
        string found = await HashAsync(part.Path, report, cancellation).ConfigureAwait(false);
        RecordedHash? recorded = wanted.File.Sha256 is null ? _folder.Hashes.Find(wanted) : null;
        if (found != (wanted.File.Sha256 ?? recorded?.Sha256 ?? found))
        {
            part.Discard();
            throw recorded is null
                ? DownloadErrors.WrongHash(_options.AddressOf(wanted), wanted.File.Sha256!, found)
                : DownloadErrors.Changed(_options.AddressOf(wanted), recorded, found, _folder.Hashes.Path);
        }
        part.Commit();
        return await DescribeAsync(wanted, found, fetched: true, report, cancellation).ConfigureAwait(false);
    }

    private async Task<DownloadedFile> DescribeAsync(WantedFile wanted, string hash, bool fetched, Report report, CancellationToken cancellation)
    {
        string path = _folder.PathOf(wanted);
        long bytes = new FileInfo(path).Length;
        HashStanding standing = wanted.File.Sha256 is not null ? HashStanding.Known : _folder.Hashes.Find(wanted) is not null ? HashStanding.Recorded : HashStanding.New;
        if (standing == HashStanding.New)
        {
            RecordedHash first = new(hash, bytes, fetched ? ShownAddress.Of(_options.AddressOf(wanted)) : "copied", _options.Clock.GetUtcNow());
            await _folder.Hashes.AddAsync(wanted, first, _options.Clock, cancellation).ConfigureAwait(false);
            report(DownloadStage.Recorded, bytes, bytes,
                $"WARNING: nobody has vouched for {wanted.Name} so far: it was taken as it came, {bytes} bytes with the SHA-256 {hash}. Compare that with a copy that you trust. " +
                $"It is recorded in {_folder.Hashes.Path}: a later download that differs will be refused.");
        }
        return new(wanted, path, bytes, hash, standing, fetched);
    }

    private static async Task<string> HashAsync(string path, Report report, CancellationToken cancellation)
    {
        long length = new FileInfo(path).Length;
        try { return await FileDigest.Sha256Async(path, done => report(DownloadStage.Checking, done, length), cancellation).ConfigureAwait(false); }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException) { throw DownloadErrors.Disk(path, fault); }
    }

    private delegate void Report(DownloadStage stage, long bytes, long? total, string? message = null);
}
