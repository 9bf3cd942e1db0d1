using System.Numerics.Tensors;

namespace OpenVocab.Search;

/// <summary>A row whose inner product with a query is large enough.</summary>
/// <param name="Row">Of the table.</param>
/// <param name="Query">Which query.</param>
/// <param name="Product">Their inner product.</param>
internal readonly record struct RegionMatch(int Row, int Query, float Product);

/// <summary>
/// Regions in memory as halves, and all of them that fit a query: every row is looked at, by all cores, two bytes a number. As <see cref="VectorTable"/>, but rows may be of any length, and what is
/// wanted is not the nearest few but whatever is near enough.
/// </summary>
/// <remarks>Any number of threads may search at once; none may add meanwhile.</remarks>
/// <param name="dimensions">Numbers a row, 1 to <see cref="VectorTable.MostDimensions"/>.</param>
internal sealed class RegionTable(int dimensions)
{
    /// <summary>A core takes a block at a time; what grows is the list of them, so that nothing is ever copied.</summary>
    private const int BytesOfBlock = 1024 * 1024;

    private readonly int _rowsOfBlock = Math.Max(BytesOfBlock / (dimensions * sizeof(ushort)), 1);
    private readonly List<Half[]> _blocks = [];

    internal int Count { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <returns>False, and nothing is added, where one of its numbers is none.</returns>
    internal bool TryAdd(ReadOnlySpan<Half> region)
    {
        if (!Half.IsFinite(TensorPrimitives.MaxMagnitude(region))) { return false; }
        int place = Count % _rowsOfBlock;
        if (place == 0) { _blocks.Add(new Half[_rowsOfBlock * dimensions]); }
        region.CopyTo(_blocks[^1].AsSpan(place * dimensions, dimensions));
        Count++;
        return true;
    }

    /// <summary>Puts other numbers into a row.</summary>
    /// <param name="row">One that there is.</param>
    /// <param name="region">Finite.</param>
    internal void Replace(int row, ReadOnlySpan<Half> region) => region.CopyTo(_blocks[row / _rowsOfBlock].AsSpan(row % _rowsOfBlock * dimensions, dimensions));

    /// <summary>All rows whose inner product with a query exceeds the query's bound, by all cores.</summary>
    /// <param name="queries">Query after query, finite.</param>
    /// <param name="least">The bound of each query.</param>
    /// <returns>By row, then by query: the same whatever the number of cores.</returns>
    internal List<RegionMatch> Search(ReadOnlySpan<float> queries, float[] least)
    {
        float[] scaled = new float[queries.Length];
        TensorPrimitives.Multiply(queries, HalfDot.Scale, scaled);
        List<RegionMatch>[] found = new List<RegionMatch>[_blocks.Count];
        Parallel.For(0, _blocks.Count, block => found[block] = Scan(block, scaled, least));
        return [.. found.SelectMany(matches => matches)];
    }

    /// <summary>The inner product of a row and a query.</summary>
    internal float Product(int row, ReadOnlySpan<float> query)
    {
        float[] scaled = new float[dimensions];
        TensorPrimitives.Multiply(query, HalfDot.Scale, scaled);
        return HalfDot.Of(_blocks[row / _rowsOfBlock].AsSpan(row % _rowsOfBlock * dimensions, dimensions), scaled);
    }

    private List<RegionMatch> Scan(int block, float[] queries, float[] least)
    {
        List<RegionMatch> found = [];
        Half[] rows = _blocks[block];
        int first = block * _rowsOfBlock, end = Math.Min(Count - first, _rowsOfBlock);
        for (int row = 0; row < end; row++)
        {
            ReadOnlySpan<Half> region = rows.AsSpan(row * dimensions, dimensions);
            for (int query = 0; query < least.Length; query++)
            {
                float product = HalfDot.Of(region, queries.AsSpan(query * dimensions, dimensions));
                if (product > least[query]) { found.Add(new(first + row, query, product)); }
            }
        }
        return found;
    }
}
