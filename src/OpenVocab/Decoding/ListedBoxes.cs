namespace OpenVocab.Decoding;

/// <summary>Rows of a list that a network has chosen itself, on their way to <see cref="Candidates"/>: best score first, equal ones in the order of the list.</summary>
/// <remarks>Holds scratch memory: one per decoder.</remarks>
internal sealed class ListedBoxes
{
    private readonly List<(int Row, float Score, int ClassId)> _rows = [];

    internal void Clear() => _rows.Clear();

    /// <summary>Takes a row if its class is looked for and its score is above that class's threshold.</summary>
    internal void Offer(int row, float score, float label, DecodeSettings settings, Candidates into)
    {
        if (score <= settings.LeastThreshold) { return; }
        if (!float.IsFinite(score) || !float.IsFinite(label))
        {
            into.NonFinite++;
            return;
        }
        int classId = settings.ClassOfLabel(label);
        if (classId >= 0 && score > settings.Thresholds[classId]) { _rows.Add((row, score, classId)); }
    }

    /// <summary>What was taken, sorted. Valid until the next call of <see cref="Clear"/>.</summary>
    internal List<(int Row, float Score, int ClassId)> BestFirst()
    {
        _rows.Sort(static (a, b) => a.Score == b.Score ? a.Row.CompareTo(b.Row) : b.Score.CompareTo(a.Score));
        return _rows;
    }
}
