using OpenVocab.Models.Quantization;

namespace OpenVocab.Models.Tests.Quantization;

public sealed class RangeFinderTests
{
    [Fact]
    public void Zero_is_a_level_of_every_range()
    {
        foreach (ValueRange range in (ValueRange[])[ValueRange.Of(-3, 5), ValueRange.Of(1, 4), ValueRange.Of(-7, -2), ValueRange.Of(0, 0)])
        {
            Assert.Equal(0, range.Round(0));
            Assert.True(range is { Least: <= 0, Most: >= 0, Scale: > 0 });
        }
        ValueRange pixels = new(0, 1);
        Assert.All(Enumerable.Range(0, 256), level => Assert.Equal(level / 255f, pixels.Round(level / 255f), 1e-7f));
    }

    [Fact]
    public void Everything_that_was_seen_is_in_the_widest_range()
    {
        ValueRange range = RangeFinder.Find(CalibrationRule.MinMax, Seen([-2, 0.5f, 9]), null);

        Assert.Equal((-2f, 9f), (range.Least, range.Most));
    }

    [Theory]
    [InlineData(CalibrationRule.Percentile, 30)]
    [InlineData(CalibrationRule.Entropy, 30)]
    // The outlier itself weighs by its square.
    [InlineData(CalibrationRule.SquaredError, 50)]
    public void A_single_outlier_does_not_take_the_levels_of_all_others(CalibrationRule rule, float most)
    {
        ValueRange range = RangeFinder.Find(rule, Seen([.. Bell(200_000), 60]), null);

        Assert.InRange(range.Most, 2, most);
        Assert.InRange(range.Least, -6, -2);
    }

    [Fact]
    public void The_least_squared_error_is_less_than_that_of_the_widest_range_and_nothing_else_found_is_better()
    {
        float[] values = [.. Bell(200_000), 60];
        ActivationHistogram seen = Seen(values);
        double Error(CalibrationRule rule) => RangeFinder.Find(rule, seen, null) is var range ? values.Sum(value => Math.Pow(range.Round(value) - value, 2)) : 0;

        double least = Error(CalibrationRule.SquaredError);

        Assert.True(least < 0.9 * Error(CalibrationRule.MinMax));
        Assert.True(least <= 1.05 * Error(CalibrationRule.Percentile) && least <= 1.05 * Error(CalibrationRule.Entropy));
    }

    [Fact]
    public void Behind_an_activation_what_it_flattens_gets_fewer_levels()
    {
        ActivationHistogram seen = Seen(Bell(50_000));

        ValueRange plain = RangeFinder.Find(CalibrationRule.SquaredError, seen, null), leaky = RangeFinder.Find(CalibrationRule.SquaredError, seen, x => x < 0 ? 0.1f * x : x);

        Assert.True(leaky.Least > plain.Least && leaky.Scale < plain.Scale, $"{leaky} against {plain}");
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_refused() =>
        Assert.Contains("layer.out: the network gives numbers that are not finite", Assert.Throws<ModelException>(() => new ActivationHistogram().Widen("layer.out", [1, float.NaN], [2])).Message, StringComparison.Ordinal);

    private static ActivationHistogram Seen(float[] values)
    {
        ActivationHistogram seen = new();
        seen.Widen("x", values, [values.Length]);
        seen.Count(values);
        return seen;
    }

    // Box and Muller 1958.
    private static float[] Bell(int count)
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
