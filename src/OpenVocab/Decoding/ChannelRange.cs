namespace OpenVocab.Decoding;

/// <summary>Where some channels of all anchors lie: in which output, on which side of it, which of them.</summary>
/// <param name="Output">Index into <see cref="NetworkOutputs.Tensors"/>.</param>
/// <param name="ChannelsLast">True: <c>[B, A, C]</c> or <c>[B, h, w, C]</c>; false: <c>[B, C, A]</c> or <c>[B, C, h, w]</c>.</param>
/// <param name="Channels">Which of the channels.</param>
internal readonly record struct ChannelRange(int Output, bool ChannelsLast, Range Channels)
{
    /// <summary>The channels of one picture.</summary>
    internal ChannelView Of(NetworkOutputs outputs, int picture)
    {
        OutputTensor tensor = outputs.Tensors[Output];
        ReadOnlySpan<float> values = tensor.Of(picture);
        int all = CountAll(tensor), anchors = values.Length / Math.Max(all, 1);
        (int first, int count) = Channels.GetOffsetAndLength(all);
        return ChannelsLast
            ? new ChannelView(values, first, count, anchors, channelStride: 1, anchorStride: all)
            : new ChannelView(values, first * anchors, count, anchors, channelStride: anchors, anchorStride: 1);
    }

    /// <summary>How many channels the range has.</summary>
    internal int Count(NetworkOutputs outputs) => Channels.GetOffsetAndLength(CountAll(outputs.Tensors[Output])).Length;

    private int CountAll(OutputTensor tensor) => tensor.Side(ChannelsLast ? tensor.Rank - 1 : 1);
}
