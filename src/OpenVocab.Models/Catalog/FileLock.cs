namespace OpenVocab.Models.Catalog;

/// <summary>
/// Something that one process, and one task in it, may do at a time. The system gives the lock back when a process dies; the empty file stays,
/// because removing it would let two in.
/// </summary>
internal sealed class FileLock : IDisposable
{
    internal static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private const int WouldBlockLinux = 11, WouldBlockMac = 35, SharingViolation = 32, LockViolation = 33;

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits until nobody else has it.</summary>
    /// <param name="path">The file of the lock; made, with its folder, where it is missing.</param>
    /// <param name="clock">Says when to look again.</param>
    /// <param name="waiting">Is told once if there is somebody to wait for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ModelException">The file cannot be made.</exception>
    internal static async Task<FileLock> AcquireAsync(string path, TimeProvider clock, Action? waiting, CancellationToken cancellation)
    {
        bool told = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } held) { return held; }
            if (!told) { waiting?.Invoke(); }
            told = true;
            await Task.Delay(LookEvery, clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FileLock? TryAcquire(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault) when ((fault.HResult & 0xFFFF) is WouldBlockLinux or WouldBlockMac or SharingViolation or LockViolation) { return null; }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException) { throw DownloadErrors.Disk(path, fault); }
    }
}
