namespace OpenVocab.Decoding;

/// <summary>Layout <c>[B, n, 6]</c>: x1, y1, x2, y2, score, class in each row; the network suppressed overlaps itself.</summary>
internal sealed class EndToEndDecoder : IOutputDecoder
{
    private const int RowLength = 6;

    public bool NeedsSuppression => false;

    public int CountClasses(NetworkOutputs outputs) => -1;

    public void Decode(NetworkOutputs outputs, int picture, DecodeSettings settings, Candidates into)
    {
        into.Clear();
        ReadOnlySpan<float> output = outputs.Tensors[0].Of(picture);
        for (int i = 0; i < output.Length / RowLength; i++)
        {
            ReadOnlySpan<float> row = output.Slice(i * RowLength, RowLength);
            float score = row[4];
            if (score <= settings.LeastThreshold) { continue; }
            if (!float.IsFinite(score) || !float.IsFinite(row[5]))
            {
                into.NonFinite++;
                continue;
            }
            int classId = settings.ClassOfLabel(row[5]);
            if (classId >= 0 && score > settings.Thresholds[classId]) { into.Add(row[0], row[1], row[2], row[3], score, classId, i); }
        }
    }
}
