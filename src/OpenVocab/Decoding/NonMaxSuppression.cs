using System.Numerics;

namespace OpenVocab.Decoding;

/// <summary>
/// Greedy non-maximum suppression: best score first, a box goes if it overlaps a kept one by more than the threshold. Values and order are
/// those of torchvision's float32 <c>nms</c> with Ultralytics' class offsets.
/// </summary>
/// <remarks>
/// O(candidates × kept): each candidate meets the kept boxes only, and it ends at the wanted number. Holds scratch memory: one per inference
/// slot, one thread at a time.
/// </remarks>
internal sealed class NonMaxSuppression
{
    /// <summary>Distance between classes, larger than any picture: boxes of different classes never meet. In float32, as the reference does
    /// it: boxes of high classes are compared after rounding (1/16 px at class 79, 1 px from class 1093 on).</summary>
    private const float ClassOffset = 7680f;

    private ulong[] _order = [];
    private float[] _x1 = [], _y1 = [], _x2 = [], _y2 = [], _area = [];

    /// <summary>Chooses among candidates.</summary>
    /// <param name="candidates">In the order in which equal scores count.</param>
    /// <param name="settings">Threshold, groups and caps.</param>
    /// <param name="kept">Gets the indices of the kept candidates, best score first; cleared before.</param>
    internal void Run(Candidates candidates, DecodeSettings settings, List<int> kept)
    {
        kept.Clear();
        int count = SortByScore(candidates, settings.MaxCandidates);
        Reserve(settings.MaxDetections);
        float overlap = LargestFloatUpTo(settings.IouThreshold);
        for (int i = 0; i < count && kept.Count < settings.MaxDetections; i++)
        {
            int candidate = (int)(uint)_order[i];
            float offset = settings.Agnostic ? 0f : settings.SuppressionGroups[candidates.ClassId[candidate]] * ClassOffset;
            float x1 = candidates.X1[candidate] + offset, y1 = candidates.Y1[candidate] + offset;
            float x2 = candidates.X2[candidate] + offset, y2 = candidates.Y2[candidate] + offset;
            float area = (x2 - x1) * (y2 - y1);
            int n = kept.Count;
            if (OverlapsKept(n, x1, y1, x2, y2, area, overlap)) { continue; }
            (_x1[n], _y1[n], _x2[n], _y2[n], _area[n]) = (x1, y1, x2, y2, area);
            kept.Add(candidate);
        }
    }

    /// <summary>The first of the best scores without suppression, for networks that did it themselves: the order of the output stays.</summary>
    internal static void TakeFirst(Candidates candidates, DecodeSettings settings, List<int> kept)
    {
        kept.Clear();
        for (int i = 0; i < Math.Min(candidates.Count, settings.MaxDetections); i++) { kept.Add(i); }
    }

    private bool OverlapsKept(int count, float x1, float y1, float x2, float y2, float area, float overlap)
    {
        int i = 0;
        Vector<float> vx1 = new(x1), vy1 = new(y1), vx2 = new(x2), vy2 = new(y2), varea = new(area), limit = new(overlap);
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> width = Vector.Max(Vector.Min(vx2, new(_x2, i)) - Vector.Max(vx1, new(_x1, i)), Vector<float>.Zero);
            Vector<float> height = Vector.Max(Vector.Min(vy2, new(_y2, i)) - Vector.Max(vy1, new(_y1, i)), Vector<float>.Zero);
            Vector<float> shared = width * height;
            if (Vector.GreaterThanAny(shared / (new Vector<float>(_area, i) + varea - shared), limit)) { return true; }
        }
        for (; i < count; i++)
        {
            float shared = Math.Max(Math.Min(x2, _x2[i]) - Math.Max(x1, _x1[i]), 0f) * Math.Max(Math.Min(y2, _y2[i]) - Math.Max(y1, _y1[i]), 0f);
            if (shared / (_area[i] + area - shared) > overlap) { return true; }
        }
        return false;
    }

    // One integer per candidate orders by falling score, then rising index: scores are positive floats, whose bits rise with their value.
    private int SortByScore(Candidates candidates, int most)
    {
        int count = candidates.Count;
        if (_order.Length < count) { _order = new ulong[candidates.X1.Length]; }
        for (int i = 0; i < count; i++)
        {
            uint falling = uint.MaxValue - BitConverter.SingleToUInt32Bits(candidates.Score[i]);
            _order[i] = (ulong)falling << 32 | (uint)i;
        }
        _order.AsSpan(0, count).Sort();
        return Math.Min(count, most);
    }

    private void Reserve(int most)
    {
        if (_x1.Length >= most) { return; }
        (_x1, _y1, _x2, _y2, _area) = (new float[most], new float[most], new float[most], new float[most], new float[most]);
    }

    // The reference compares a float32 overlap with a double threshold: float 0.1 is greater than 0.1. This float gives the same answers.
    private static float LargestFloatUpTo(double threshold)
    {
        float nearest = (float)threshold;
        return nearest > threshold ? MathF.BitDecrement(nearest) : nearest;
    }
}
