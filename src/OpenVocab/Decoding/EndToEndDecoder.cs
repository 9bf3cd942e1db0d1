namespace OpenVocab.Decoding;

/// <summary>Layout <c>[B, n, 6]</c>: x1, y1, x2, y2, score, class in each row; the network suppressed overlaps itself.</summary>
internal sealed class EndToEndDecoder : IOutputDecoder
{
    private const int RowLength = 6;

    public bool NeedsSuppression => false;

    public void Decode(ReadOnlySpan<float> output, int rows, int columns, DecodeSettings settings, Candidates into)
    {
        into.Clear();
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> row = output.Slice(i * RowLength, RowLength);
            float score = row[4];
            if (score <= settings.LeastThreshold) { continue; }
            if (!float.IsFinite(score) || !float.IsFinite(row[5]))
            {
                into.NonFinite++;
                continue;
            }
            int index = (int)row[5];
            int classId = (uint)index < (uint)settings.ClassOfRow.Length ? settings.ClassOfRow[index] : -1;
            if (classId >= 0 && score > settings.Thresholds[classId]) { into.Add(row[0], row[1], row[2], row[3], score, classId, i); }
        }
    }
}
