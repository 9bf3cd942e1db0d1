namespace OpenVocab.Sinks;

/// <summary>
/// A file that is written beside its target and takes its place when it is whole: whoever looks never sees half a file, and a failed run leaves
/// what was there before.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _target;
    private bool _placed;

    /// <summary>Makes the file beside the target, and the target's folder where it is missing.</summary>
    /// <exception cref="SinkException">The folder cannot be written.</exception>
    internal AtomicFile(string target)
    {
        _target = Path.GetFullPath(target);
        TemporaryPath = TemporaryFor(_target);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_target)!);
            Stream = new FileStream(TemporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 65_536);
        }
        catch (Exception fault) when (SinkErrors.IsExpected(fault)) { throw SinkErrors.Wrap(target, fault); }
    }

    /// <summary>Where the bytes go until <see cref="Commit"/>.</summary>
    internal string TemporaryPath { get; }

    internal FileStream Stream { get; }

    /// <summary>A name beside a target that nobody else uses. Keeps the extension: encoders look at it.</summary>
    internal static string TemporaryFor(string target) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(target))!, Invariant($".{Path.GetFileNameWithoutExtension(target)}.{Guid.NewGuid():N}.part{Path.GetExtension(target)}"));

    /// <summary>Writes all of a small file.</summary>
    /// <exception cref="SinkException">It cannot be written.</exception>
    internal static void Write(string target, ReadOnlySpan<byte> content)
    {
        using AtomicFile file = new(target);
        file.Write(content);
        file.Commit();
    }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="SinkException">They cannot be written.</exception>
    internal void Write(ReadOnlySpan<byte> content)
    {
        try { Stream.Write(content); }
        catch (Exception fault) when (SinkErrors.IsExpected(fault)) { throw SinkErrors.Wrap(_target, fault); }
    }

    /// <summary>Puts the file in its place.</summary>
    /// <exception cref="SinkException">The rest cannot be written, or the target cannot be replaced.</exception>
    internal void Commit()
    {
        try
        {
            Stream.Flush(flushToDisk: false);
            Stream.Dispose();
            File.Move(TemporaryPath, _target, overwrite: true);
            _placed = true;
        }
        catch (Exception fault) when (SinkErrors.IsExpected(fault)) { throw SinkErrors.Wrap(_target, fault); }
    }

    /// <summary>Removes what was not put in place.</summary>
    public void Dispose()
    {
        if (_placed) { return; }
        try { Stream.Dispose(); }
        catch (IOException) { } // the buffer's rest does not fit on a full disk: it goes away with the file
        File.Delete(TemporaryPath);
    }
}
