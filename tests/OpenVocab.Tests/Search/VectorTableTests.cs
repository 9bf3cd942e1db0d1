using OpenVocab.Prompts;
using OpenVocab.Search;

namespace OpenVocab.Tests.Search;

public class VectorTableTests
{
    [Theory, InlineData(1), InlineData(3), InlineData(31), InlineData(32), InlineData(33), InlineData(512), InlineData(768), InlineData(1001)]
    public void The_inner_product_is_that_of_a_double_loop(int length)
    {
        Half[] row = [.. Numbers(length, 1).Select(value => (Half)value)];
        float[] query = Numbers(length, 2);

        // A sum of n products in floats is off by n × 2^-24 of the sum of their magnitudes at most.
        double magnitude = row.Zip(query, (a, b) => Math.Abs((double)a * b)).Sum();
        Assert.Equal(Loop(row, query), HalfDot.Of(row, Scaled(query)), length * Math.Pow(2, -24) * magnitude);
    }

    [Fact]
    public void Every_finite_half_is_widened_exactly()
    {
        Half[] row = new Half[64];
        float[] one = new float[64];
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            Half value = BitConverter.UInt16BitsToHalf((ushort)bits);
            if (!Half.IsFinite(value)) { continue; }
            int place = bits % 64;
            (row[place], one[place]) = (value, HalfDot.Scale);

            Assert.Equal((float)value, HalfDot.Of(row, one));

            (row[place], one[place]) = ((Half)0, 0);
        }
    }

    [Theory, InlineData(1, 3, 7), InlineData(512, 20_000, 25), InlineData(77, 30_000, 300), InlineData(8192, 600, 5), InlineData(16, 10, 100)]
    public void All_rows_are_looked_at_and_the_best_come_first(int dimensions, int rows, int count)
    {
        VectorTable table = new(dimensions);
        Half[][] vectors = [.. Enumerable.Range(0, rows).Select(row => Unit(dimensions, row + 1))];
        for (int row = 0; row < rows; row++) { Assert.True(table.TryAdd(7 * row, vectors[row])); }
        float[] query = [.. Unit(dimensions, -1).Select(value => (float)value)];

        IReadOnlyList<Neighbour> found = table.Search(query, count);

        double[] truth = [.. vectors.Select(vector => Loop(vector, query))];
        double[] best = [.. truth.OrderDescending().Take(count)];
        Assert.Equal(best.Length, found.Count);
        // Of unit vectors the magnitudes add up to 1 at most.
        double off = dimensions * Math.Pow(2, -24);
        for (int place = 0; place < best.Length; place++)
        {
            Assert.Equal(truth[found[place].Id / 7], found[place].Score, off);
            Assert.Equal(best[place], found[place].Score, off);
        }
        Assert.Equal(found.Count, found.Select(each => each.Id).Distinct().Count());
        Assert.Equal(found.Order(), found);
    }

    [Fact]
    public void Equal_scores_go_by_id_in_whatever_order_they_came_and_every_time()
    {
        VectorTable table = new(512);
        Half[] same = Unit(512, 5);
        long[] ids = [.. Enumerable.Range(0, 30_000).Select(i => (i * 7919L) % 30_000)];
        foreach (long id in ids) { table.TryAdd(id, same); }
        float[] query = [.. same.Select(value => (float)value)];

        for (int run = 0; run < 5; run++) { Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), table.Search(query, 50).Select(each => each.Id)); }
    }

    [Fact]
    public void What_is_no_unit_vector_is_refused()
    {
        VectorTable table = new(4);
        Assert.False(table.TryAdd(1, [(Half)0, (Half)0, (Half)0, (Half)0]));
        Assert.False(table.TryAdd(1, [(Half)1, (Half)1, (Half)0, (Half)0]));
        Assert.False(table.TryAdd(1, [Half.NaN, (Half)1, (Half)0, (Half)0]));
        Assert.False(table.TryAdd(1, [Half.PositiveInfinity, (Half)1, (Half)0, (Half)0]));
        Assert.Equal(0, table.Count);
        Assert.Empty(table.Search([1, 0, 0, 0], 10));
        Assert.True(table.TryAdd(1, [(Half)0, (Half)(-1), (Half)0, (Half)0]));
        Assert.Equal(new Neighbour(1, -1), Assert.Single(table.Search([0, 1, 0, 0], 10)));
    }

    private static double Loop(Half[] row, float[] query)
    {
        double sum = 0;
        for (int i = 0; i < row.Length; i++) { sum += (double)row[i] * query[i]; }
        return sum;
    }

    private static float[] Scaled(float[] query) => [.. query.Select(value => value * HalfDot.Scale)];

    private static float[] Numbers(int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() + random.NextDouble() - 1))];
    }

    private static Half[] Unit(int dimensions, int seed)
    {
        float[] numbers = Numbers(dimensions, seed);
        UnitVector.Normalize(numbers);
        return [.. numbers.Select(value => (Half)value)];
    }
}
