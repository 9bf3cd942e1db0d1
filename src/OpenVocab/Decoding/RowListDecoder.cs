namespace OpenVocab.Decoding;

/// <summary>Layout <c>[N, 7]</c> of a network that suppressed overlaps itself: index of the picture, class, score, x1, y1, x2, y2 in each row.</summary>
/// <remarks>Holds scratch memory: one per inference slot, one thread at a time.</remarks>
internal sealed class RowListDecoder : IOutputDecoder
{
    internal const int RowLength = 7;

    private readonly ListedBoxes _rows = new();

    public bool NeedsSuppression => false;

    public int CountClasses(NetworkOutputs outputs) => -1;

    public void Decode(NetworkOutputs outputs, int picture, DecodeSettings settings, Candidates into)
    {
        into.Clear();
        _rows.Clear();
        OutputTensor list = outputs.Tensors[0];
        for (int i = 0; i < list.Count / RowLength; i++)
        {
            ReadOnlySpan<float> row = list.Values.AsSpan(i * RowLength, RowLength);
            if (row[0] == picture) { _rows.Offer(i, row[2], row[1], settings, into); }
        }
        foreach ((int index, float score, int classId) in _rows.BestFirst())
        {
            ReadOnlySpan<float> row = list.Values.AsSpan(index * RowLength, RowLength);
            into.Add(row[3], row[4], row[5], row[6], score, classId, index);
        }
    }
}
