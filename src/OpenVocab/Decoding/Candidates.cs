namespace OpenVocab.Decoding;

/// <summary>
/// Boxes that passed their threshold, as parallel arrays: NMS reads one coordinate of many boxes at a time. Grows and keeps its memory;
/// belongs to one inference slot.
/// </summary>
internal sealed class Candidates
{
    private const int FirstCapacity = 256;

    internal float[] X1 = new float[FirstCapacity];
    internal float[] Y1 = new float[FirstCapacity];
    internal float[] X2 = new float[FirstCapacity];
    internal float[] Y2 = new float[FirstCapacity];
    internal float[] Score = new float[FirstCapacity];
    internal int[] ClassId = new int[FirstCapacity];

    /// <summary>Index of the anchor (or row) of the output.</summary>
    internal int[] Anchor = new int[FirstCapacity];

    /// <summary>How many entries are in use.</summary>
    internal int Count { get; private set; }

    /// <summary>Entries that were dropped because a score or a coordinate was no finite number.</summary>
    internal int NonFinite { get; set; }

    internal void Clear() => (Count, NonFinite) = (0, 0);

    /// <summary>Adds one, unless a coordinate is not finite.</summary>
    internal void Add(float x1, float y1, float x2, float y2, float score, int classId, int anchor)
    {
        // The sum is finite exactly if all four are (far below the overflow of float for anything that is a pixel).
        if (!float.IsFinite(x1 + y1 + x2 + y2))
        {
            NonFinite++;
            return;
        }
        if (Count == X1.Length) { Grow(); }
        (X1[Count], Y1[Count], X2[Count], Y2[Count]) = (x1, y1, x2, y2);
        (Score[Count], ClassId[Count], Anchor[Count]) = (score, classId, anchor);
        Count++;
    }

    private void Grow()
    {
        int capacity = Count * 2;
        Array.Resize(ref X1, capacity);
        Array.Resize(ref Y1, capacity);
        Array.Resize(ref X2, capacity);
        Array.Resize(ref Y2, capacity);
        Array.Resize(ref Score, capacity);
        Array.Resize(ref ClassId, capacity);
        Array.Resize(ref Anchor, capacity);
    }
}
