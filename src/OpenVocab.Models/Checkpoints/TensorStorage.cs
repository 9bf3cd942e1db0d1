namespace OpenVocab.Models.Checkpoints;

/// <summary>A run of numbers in a file. Several tensors may be views of one.</summary>
internal sealed class TensorStorage(ElementType type, long count)
{
    private readonly Lock _gate = new();
    private ByteSource? _source;
    private long _offset;
    private Action? _verify;

    internal ElementType Type { get; } = type;

    /// <summary>Number of elements.</summary>
    internal long Count { get; } = count;

    /// <summary>Says where the bytes lie: in old files that is known only after the tensors that use them.</summary>
    /// <param name="source">Holds them.</param>
    /// <param name="offset">Of the first byte.</param>
    /// <param name="verify">Called before the first read; throws where the bytes are not what was written.</param>
    internal void Place(ByteSource source, long offset, Action? verify = null) => (_source, _offset, _verify) = (source, offset, verify);

    internal bool IsPlaced => _source is not null;

    /// <summary>Fills a buffer with elements as they are stored.</summary>
    /// <param name="element">The first.</param>
    /// <param name="into">As many bytes as the elements have.</param>
    internal void Read(long element, Span<byte> into)
    {
        ByteSource source = _source ?? throw new InvalidOperationException("The storage was not placed.");
        lock (_gate)
        {
            _verify?.Invoke();
            _verify = null;
        }
        source.Read(_offset + element * ElementTypes.SizeOf(Type), into);
    }
}
