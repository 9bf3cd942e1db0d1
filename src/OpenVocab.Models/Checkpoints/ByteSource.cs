using Microsoft.Win32.SafeHandles;

namespace OpenVocab.Models.Checkpoints;

/// <summary>Bytes that are read where they are asked for: a checkpoint is larger than what is needed of it at a time. Safe for any number of threads.</summary>
internal sealed class ByteSource : IDisposable
{
    private readonly SafeFileHandle? _file;
    private readonly ReadOnlyMemory<byte> _memory;

    private ByteSource(string name, SafeFileHandle? file, ReadOnlyMemory<byte> memory, long length) => (Name, _file, _memory, Length) = (name, file, memory, length);

    /// <summary>What messages call it.</summary>
    internal string Name { get; }

    internal long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelException">It cannot be read.</exception>
    internal static ByteSource Open(string path)
    {
        try
        {
            SafeFileHandle file = File.OpenHandle(path, options: FileOptions.RandomAccess);
            return new(path, file, default, RandomAccess.GetLength(file));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelException($"{path}: the file cannot be read: {fault.Message}", "Check the path and its rights.", fault);
        }
    }

    internal static ByteSource Of(ReadOnlyMemory<byte> bytes, string name) => new(name, null, bytes, bytes.Length);

    /// <summary>Fills a buffer.</summary>
    /// <exception cref="CheckpointException">The file ends before.</exception>
    internal void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset > Length - into.Length) { throw new CheckpointException(Name, offset, $"{into.Length} bytes are needed here; the file has {Length}"); }
        if (_file is null)
        {
            _memory.Span.Slice((int)offset, into.Length).CopyTo(into);
            return;
        }
        try
        {
            while (into.Length > 0)
            {
                int read = RandomAccess.Read(_file, into, offset);
                if (read == 0) { throw new CheckpointException(Name, offset, "the file became shorter while it was read"); }
                into = into[read..];
                offset += read;
            }
        }
        catch (IOException fault) { throw new ModelException($"{Name}: the file cannot be read: {fault.Message}", "Check the disk, or fetch the file again.", fault); }
    }

    internal byte[] Read(long offset, int count)
    {
        // Before memory is taken for it.
        if (offset < 0 || count < 0 || offset > Length - count) { throw new CheckpointException(Name, offset, $"{count} bytes are needed here; the file has {Length}"); }
        byte[] bytes = GC.AllocateUninitializedArray<byte>(count);
        Read(offset, bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
