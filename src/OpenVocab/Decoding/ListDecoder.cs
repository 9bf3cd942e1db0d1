namespace OpenVocab.Decoding;

/// <summary>
/// Four outputs of a network that suppressed overlaps itself: how many boxes, boxes (x1, y1, x2, y2), scores, labels. Padded: <c>[B, 1]</c>,
/// <c>[B, n, 4]</c>, <c>[B, n]</c>, <c>[B, n]</c>. Flat: <c>[B]</c>, <c>[N, 4]</c>, <c>[N]</c>, <c>[N]</c>, the boxes of a picture after those of another.
/// </summary>
/// <remarks>Holds scratch memory: one per inference slot, one thread at a time.</remarks>
internal sealed class ListDecoder(bool flat) : IOutputDecoder
{
    private readonly ListedBoxes _rows = new();

    public bool NeedsSuppression => false;

    public int CountClasses(NetworkOutputs outputs) => -1;

    public void Decode(NetworkOutputs outputs, int picture, DecodeSettings settings, Candidates into)
    {
        into.Clear();
        _rows.Clear();
        (OutputTensor numbers, OutputTensor boxes, OutputTensor scores, OutputTensor labels) = (outputs.Tensors[0], outputs.Tensors[1], outputs.Tensors[2], outputs.Tensors[3]);
        (int first, int most) = flat ? (0, scores.Count) : (picture * scores.Side(1), scores.Side(1));
        if (flat)
        {
            for (int before = 0; before < picture; before++) { first += (int)numbers.Values[before]; }
            most -= first;
        }
        int count = Math.Clamp((int)numbers.Values[picture], 0, Math.Max(most, 0));
        for (int row = first; row < first + count; row++) { _rows.Offer(row, scores.Values[row], labels.Values[row], settings, into); }
        foreach ((int row, float score, int classId) in _rows.BestFirst())
        {
            ReadOnlySpan<float> box = boxes.Values.AsSpan(row * 4, 4);
            into.Add(box[0], box[1], box[2], box[3], score, classId, row - first);
        }
    }
}
