namespace OpenVocab.Decoding;

/// <summary>Some channels of all anchors of one picture, in place, whichever of the two is stored side by side.</summary>
internal readonly ref struct ChannelView(ReadOnlySpan<float> values, int start, int channels, int anchors, int channelStride, int anchorStride)
{
    private readonly ReadOnlySpan<float> _values = values;

    internal int Channels { get; } = channels;

    internal int Anchors { get; } = anchors;

    /// <summary>True where the channels of an anchor lie side by side.</summary>
    internal bool HasRows => channelStride == 1;

    internal float this[int channel, int anchor] => _values[start + channel * channelStride + anchor * anchorStride];

    /// <summary>All channels of an anchor; only where <see cref="HasRows"/>.</summary>
    internal ReadOnlySpan<float> Row(int anchor) => _values.Slice(start + anchor * anchorStride, Channels);

    /// <summary>All anchors of a channel; only where not <see cref="HasRows"/>.</summary>
    internal ReadOnlySpan<float> Line(int channel) => _values.Slice(start + channel * channelStride, Anchors);
}
