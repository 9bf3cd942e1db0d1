using System.Numerics.Tensors;
using OpenVocab.Search;

namespace OpenVocab.Tests.Search;

public class RegionTableTests
{
    [Theory, InlineData(1, 50), InlineData(80, 20_000), InlineData(513, 3_000)]
    public void All_rows_above_the_bound_are_found_with_their_products(int dimensions, int rows)
    {
        Random random = new(3);
        RegionTable table = new(dimensions);
        float[][] regions = [.. Enumerable.Range(0, rows).Select(_ => Row(random, dimensions, 4))];
        foreach (float[] region in regions) { Assert.True(table.TryAdd([.. region.Select(value => (Half)value)])); }
        float[] queries = [.. Row(random, dimensions, 1), .. Row(random, dimensions, 1)];
        float[] least = [0.5f, float.PositiveInfinity];

        List<RegionMatch> found = table.Search(queries, least);

        double[] wanted = [.. regions.Select(region => region.Select((value, i) => (double)(float)(Half)value * queries[i]).Sum())];
        Assert.All(found, match => Assert.Equal(wanted[match.Row], match.Product, 1e-3 * Math.Sqrt(dimensions)));
        Assert.All(found, match => Assert.Equal(0, match.Query));
        Assert.Equal(found.Select(match => match.Row).Order(), found.Select(match => match.Row));
        // A product within rounding of the bound may fall on either side.
        double slack = 1e-3 * Math.Sqrt(dimensions);
        int sure = wanted.Count(product => product > 0.5 + slack), possible = wanted.Count(product => product > 0.5 - slack);
        Assert.InRange(found.Count, sure, possible);
        Assert.True(sure > 0);
        Assert.Equal(found[0].Product, table.Product(found[0].Row, queries.AsSpan(0, dimensions)));
    }

    [Fact]
    public void What_is_no_number_is_refused_and_an_empty_table_finds_nothing()
    {
        RegionTable table = new(2);
        Assert.False(table.TryAdd([Half.One, Half.NaN]));
        Assert.False(table.TryAdd([Half.NegativeInfinity, Half.One]));
        Assert.Empty(table.Search([1, 1], [float.NegativeInfinity]));
        Assert.Equal(0, table.Count);
    }

    private static float[] Row(Random random, int dimensions, float size)
    {
        float[] row = new float[dimensions];
        for (int i = 0; i < dimensions; i++) { row[i] = size * (random.NextSingle() - 0.5f); }
        if (size == 1 && TensorPrimitives.Norm<float>(row) is > 0 and var norm) { TensorPrimitives.Divide(row, norm, row); }
        return row;
    }
}
