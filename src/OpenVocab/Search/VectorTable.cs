using System.Numerics.Tensors;

namespace OpenVocab.Search;

/// <summary>
/// Unit vectors in memory as halves, and the exact neighbours of a query: all rows are looked at, by all cores. Two bytes a number: a million CLIP vectors are 1 GB and take as long as the
/// memory takes to deliver them.
/// </summary>
/// <remarks>Any number of threads may search at once; none may add meanwhile.</remarks>
/// <param name="dimensions">Numbers a vector, 1 to <see cref="MostDimensions"/>.</param>
internal sealed class VectorTable(int dimensions)
{
    internal const int MostDimensions = 8192;

    /// <summary>A core takes a block at a time; what grows is the list of them, so that nothing is ever copied.</summary>
    private const int BytesOfBlock = 4 * 1024 * 1024;

    private readonly int _rowsOfBlock = Math.Max(BytesOfBlock / (dimensions * sizeof(ushort)), 1);
    private readonly List<Half[]> _blocks = [];
    private readonly List<long> _ids = [];
    private readonly float[] _row = new float[dimensions];

    internal int Count => _ids.Count;

    /// <summary>Adds a vector.</summary>
    /// <param name="id">What <see cref="Search"/> calls it; where scores are equal, the smaller goes first.</param>
    /// <param name="vector">A unit vector.</param>
    /// <returns>False, and nothing is added, where its length is not 1: a damaged vector, or NaN.</returns>
    internal bool TryAdd(long id, ReadOnlySpan<Half> vector)
    {
        // Halves of a unit vector are off by 2^-11 of each component at most; the length is off by less.
        TensorPrimitives.ConvertToSingle(vector, _row);
        if (!(Math.Abs(TensorPrimitives.Norm<float>(_row) - 1) < 0.01f)) { return false; }
        int place = _ids.Count % _rowsOfBlock;
        if (place == 0) { _blocks.Add(new Half[_rowsOfBlock * dimensions]); }
        vector.CopyTo(_blocks[^1].AsSpan(place * dimensions, dimensions));
        _ids.Add(id);
        return true;
    }

    /// <summary>The rows with the greatest inner product, by all cores.</summary>
    /// <param name="query">A unit vector.</param>
    /// <param name="count">The most neighbours, at least 1.</param>
    /// <returns>Best first, equal ones by id: the same whatever the number of cores.</returns>
    internal IReadOnlyList<Neighbour> Search(ReadOnlySpan<float> query, int count)
    {
        float[] scaled = new float[dimensions];
        TensorPrimitives.Multiply(query, HalfDot.Scale, scaled);
        Neighbours best = new(Math.Min(count, Math.Max(_ids.Count, 1)));
        Parallel.For(0, _blocks.Count, () => new Neighbours(best.Capacity), (block, _, found) => Scan(block, scaled, found), found =>
        {
            lock (best) { best.Add(found); }
        });
        return best.Sorted();
    }

    private Neighbours Scan(int block, float[] query, Neighbours found)
    {
        Half[] rows = _blocks[block];
        int first = block * _rowsOfBlock, end = Math.Min(_ids.Count - first, _rowsOfBlock);
        for (int row = 0; row < end; row++) { found.Offer(_ids[first + row], HalfDot.Of(rows.AsSpan(row * dimensions, dimensions), query)); }
        return found;
    }
}
