using System.Text.Json;

namespace OpenVocab.Models.Catalog;

/// <summary>
/// The beginning of a file that is being fetched, beside its target (<c>.part</c>), and of which version it is (<c>.part.json</c>). Stays when a
/// download ends early, so that the next one goes on. Belongs to whoever holds the lock of the file.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    /// <summary>Behind the name of the target.</summary>
    internal const string Suffix = ".part";

    private readonly string _target;
    private readonly FileStream _stream;

    /// <summary>Opens what an earlier download left, or begins with nothing.</summary>
    /// <exception cref="ModelException">It cannot be written.</exception>
    internal PartialFile(string target)
    {
        _target = target;
        try
        {
            _stream = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            _stream.Seek(0, SeekOrigin.End);
        }
        catch (Exception fault) when (IsOfDisk(fault)) { throw DownloadErrors.Disk(Path, fault); }
        State = ReadState();
    }

    internal string Path => _target + Suffix;

    /// <summary>How many bytes are there.</summary>
    internal long Length => _stream.Length;

    /// <summary>Of which version they are; null: nobody knows, and they cannot be used.</summary>
    internal PartialState? State { get; private set; }

    private string StatePath => Path + ".json";

    /// <summary>Forgets what is there and begins with another version.</summary>
    internal void StartOver(PartialState? state) => Write(() =>
    {
        // In this order: bytes of the old version never stand beside the name of the new one.
        File.Delete(StatePath);
        _stream.SetLength(0);
        State = state;
        if (state is not null) { File.WriteAllBytes(StatePath, JsonSerializer.SerializeToUtf8Bytes(state)); }
    });

    /// <exception cref="ModelException">The disk is full, or fails.</exception>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        try { _stream.Write(bytes); }
        catch (Exception fault) when (IsOfDisk(fault)) { throw DownloadErrors.Disk(Path, fault); }
    }

    /// <summary>Sees to it that the bytes are on the disk: a later loss of power must not leave a hole under the final name.</summary>
    internal void Flush() => Write(() => _stream.Flush(flushToDisk: true));

    /// <summary>Gives the file its name.</summary>
    internal void Commit() => Write(() =>
    {
        _stream.Dispose();
        File.Move(Path, _target, overwrite: true);
        File.Delete(StatePath);
    });

    /// <summary>Removes it: what is there is of no use.</summary>
    internal void Discard() => Write(() =>
    {
        _stream.Dispose();
        File.Delete(StatePath);
        File.Delete(Path);
    });

    /// <summary>What has come stays; where nothing has, nothing stays.</summary>
    public void Dispose()
    {
        if (!_stream.CanWrite) { return; }
        if (_stream.Length == 0) { Discard(); }
        _stream.Dispose();
    }

    private PartialState? ReadState()
    {
        try { return File.Exists(StatePath) ? JsonSerializer.Deserialize<PartialState>(File.ReadAllBytes(StatePath)) : null; }
        catch (Exception fault) when (IsOfDisk(fault) || fault is JsonException) { return null; } // then it begins anew
    }

    private void Write(Action action)
    {
        try { action(); }
        catch (Exception fault) when (IsOfDisk(fault)) { throw DownloadErrors.Disk(Path, fault); }
    }

    private static bool IsOfDisk(Exception fault) => fault is IOException or UnauthorizedAccessException;
}
