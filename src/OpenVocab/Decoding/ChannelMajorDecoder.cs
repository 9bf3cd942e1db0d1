using System.Numerics;

namespace OpenVocab.Decoding;

/// <summary>
/// Layout <c>[B, 4 + K, A]</c>: centre x, centre y, width, height, then K probabilities, each a row over all anchors. Streams the
/// scores row by row at the speed of memory, and touches boxes of survivors only.
/// </summary>
/// <remarks>Holds scratch memory: one per inference slot, one thread at a time.</remarks>
internal sealed class ChannelMajorDecoder : IOutputDecoder
{
    private const int BoxRows = 4;
    private const int NoRow = -1;

    private float[] _bestScore = [];
    private int[] _bestRow = [];
    private readonly List<(int Anchor, int ClassId, float Score)> _labels = [];

    public bool NeedsSuppression => true;

    public int CountClasses(NetworkOutputs outputs) => outputs.Tensors[0].Side(1) - BoxRows;

    public void Decode(NetworkOutputs outputs, int picture, DecodeSettings settings, Candidates into) =>
        Decode(outputs.Tensors[0].Of(picture), outputs.Tensors[0].Side(2), settings, into);

    /// <summary>The same for one picture's part of the output.</summary>
    /// <param name="output">Four rows of boxes, then the rows of scores.</param>
    /// <param name="columns">How many anchors a row has.</param>
    /// <param name="settings">Thresholds, and what each row means.</param>
    /// <param name="into">Cleared and filled.</param>
    internal void Decode(ReadOnlySpan<float> output, int columns, DecodeSettings settings, Candidates into)
    {
        into.Clear();
        ReadOnlySpan<float> scores = output[(BoxRows * columns)..];
        if (settings.MultiLabel) { DecodeEveryLabel(output, scores, columns, settings, into); }
        else { DecodeBestLabel(output, scores, columns, settings, into); }
    }

    private void DecodeBestLabel(ReadOnlySpan<float> output, ReadOnlySpan<float> scores, int anchors, DecodeSettings settings, Candidates into)
    {
        if (_bestRow.Length < anchors)
        {
            _bestScore = new float[anchors];
            _bestRow = new int[anchors];
            Array.Fill(_bestRow, NoRow);
        }
        for (int row = 0; row < settings.ClassOfRow.Length; row++)
        {
            ReadOnlySpan<float> line = scores.Slice(row * anchors, anchors);
            for (int at = NextAbove(line, 0, settings.LeastThreshold); at < anchors; at = NextAbove(line, at + 1, settings.LeastThreshold))
            {
                float score = line[at];
                if (!float.IsFinite(score)) { into.NonFinite++; }
                // Strictly greater: among equals the first row, so the lowest class, stays.
                else if (_bestRow[at] == NoRow || score > _bestScore[at]) { (_bestScore[at], _bestRow[at]) = (score, row); }
            }
        }
        for (int anchor = 0; anchor < anchors; anchor++)
        {
            int row = _bestRow[anchor];
            if (row == NoRow) { continue; }
            _bestRow[anchor] = NoRow;
            Keep(output, anchors, anchor, settings.ClassOfRow[row], _bestScore[anchor], settings, into);
        }
    }

    private void DecodeEveryLabel(ReadOnlySpan<float> output, ReadOnlySpan<float> scores, int anchors, DecodeSettings settings, Candidates into)
    {
        _labels.Clear();
        for (int row = 0; row < settings.ClassOfRow.Length; row++)
        {
            int classId = settings.ClassOfRow[row];
            if (classId < 0) { continue; }
            ReadOnlySpan<float> line = scores.Slice(row * anchors, anchors);
            float threshold = settings.Thresholds[classId];
            for (int at = NextAbove(line, 0, threshold); at < anchors; at = NextAbove(line, at + 1, threshold))
            {
                if (float.IsFinite(line[at])) { _labels.Add((at, classId, line[at])); }
                else { into.NonFinite++; }
            }
        }
        // By anchor, then class; of several phrases for one class the best comes first.
        _labels.Sort(static (a, b) => (a.Anchor, a.ClassId, b.Score).CompareTo((b.Anchor, b.ClassId, a.Score)));
        (int Anchor, int ClassId) last = (-1, -1);
        foreach ((int anchor, int classId, float score) in _labels)
        {
            if ((anchor, classId) == last) { continue; }
            last = (anchor, classId);
            Keep(output, anchors, anchor, classId, score, settings, into);
        }
    }

    private static void Keep(
        ReadOnlySpan<float> output, int anchors, int anchor, int classId, float score, DecodeSettings settings, Candidates into)
    {
        if (classId < 0 || !(score > settings.Thresholds[classId])) { return; }
        float x = output[anchor], y = output[anchors + anchor];
        float halfWidth = output[2 * anchors + anchor] / 2, halfHeight = output[3 * anchors + anchor] / 2;
        into.Add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, classId, anchor);
    }

    /// <summary>Index of the next value from <paramref name="from"/> on that is above the bound or no number; the length if there is none.</summary>
    internal static int NextAbove(ReadOnlySpan<float> line, int from, float bound)
    {
        int at = from;
        Vector<float> bounds = new(bound);
        for (; at <= line.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            // Nearly all lanes are background, so one compare pays for the whole vector. NaN is not "at most": it is found as well.
            if (!Vector.LessThanOrEqualAll(new Vector<float>(line[at..]), bounds)) { break; }
        }
        while (at < line.Length && line[at] <= bound) { at++; }
        return at;
    }
}
