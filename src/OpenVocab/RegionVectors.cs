namespace OpenVocab;

/// <summary>
/// What the detections of a frame are before they meet any word: a row of numbers for each, in their order. A <see cref="FrameResult"/> that has room for them gets them; all others cost nothing.
/// </summary>
/// <remarks>Keeps its memory from frame to frame.</remarks>
internal sealed class RegionVectors
{
    private readonly List<int> _rows = [];
    private float[] _values = [];

    /// <summary>Numbers a row; 0 before the first frame.</summary>
    internal int Dimensions { get; private set; }

    /// <summary>How many rows there are.</summary>
    internal int Count => _rows.Count;

    /// <summary>The numbers of a detection. Valid until the next frame.</summary>
    internal ReadOnlySpan<float> this[int detection] => _values.AsSpan(_rows[detection] * Dimensions, Dimensions);

    /// <summary>Empties it.</summary>
    /// <param name="count">How many rows will be added at most.</param>
    /// <param name="dimensions">Numbers a row.</param>
    internal void Clear(int count, int dimensions)
    {
        _rows.Clear();
        Dimensions = dimensions;
        if (_values.Length < count * dimensions) { _values = new float[count * dimensions]; }
    }

    /// <summary>Adds an anchor's numbers.</summary>
    /// <param name="regions">Of one picture: a row of anchors for each number.</param>
    /// <param name="anchors">How many anchors there are.</param>
    /// <param name="anchor">Which of them.</param>
    internal void Add(ReadOnlySpan<float> regions, int anchors, int anchor)
    {
        Span<float> row = _values.AsSpan(Count * Dimensions, Dimensions);
        for (int i = 0; i < row.Length; i++) { row[i] = regions[i * anchors + anchor]; }
        _rows.Add(Count);
    }

    /// <summary>Keeps some, in another order: a tracker has done so with their detections.</summary>
    /// <param name="detections">Which of them, by their numbers until now.</param>
    internal void Take(IEnumerable<int> detections)
    {
        int[] rows = [.. detections.Select(detection => _rows[detection])];
        _rows.Clear();
        _rows.AddRange(rows);
    }
}
