using OpenVocab.Models.Quantization;

namespace OpenVocab.Models.Tests.Quantization;

public sealed class QuantizedWeightsTests
{
    [Theory]
    [InlineData(8, 127)]
    [InlineData(7, 63)]
    public void Each_channel_uses_all_levels_and_no_more(int bits, int most)
    {
        QuantizedWeights weights = QuantizedWeights.Of([0.5f, -1, 0.25f, 100, 30, -7, 0, 0, 0], 3, bits);

        Assert.Equal([1f / most, 100f / most, 1], weights.Scales);
        Assert.Equal([-most, most, 0], [weights.Levels[1], weights.Levels[3], weights.Levels[8]]);
        Assert.All(weights.Levels, level => Assert.InRange(level, -most, most));
        Assert.Equal(0.25, weights.Levels[2] * weights.Scales[0], 0.51 / most);
    }

    [Fact]
    public void Seven_bits_do_not_overflow_where_pairs_of_products_are_added_in_16_bits()
    {
        QuantizedWeights weights = QuantizedWeights.Of([5, 5], 1, 7);

        Assert.True(255 * weights.Levels[0] + 255 * weights.Levels[1] <= short.MaxValue);
        Assert.True(255 * 127 + 255 * 127 > short.MaxValue);
    }

    [Fact]
    public void With_the_loss_in_the_bias_the_mean_stays_as_it_was()
    {
        // Two groups of two channels, kernels of two numbers.
        float[] floats = [0.11f, 0.37f, -0.92f, 0.55f, 3.1f, -2.2f, 0.7f, 1.9f];
        double[] means = [2, 5, -3, 0.5];
        QuantizedWeights weights = QuantizedWeights.Of(floats, 2, 7);

        double[] loss = weights.Loss(floats, means, 2);

        for (int channel = 0; channel < 2; channel++)
        {
            double Sum(Func<int, double> weight) => Enumerable.Range(0, 4).Sum(i => weight(channel * 4 + i) * means[channel * 2 + i / 2]);
            Assert.Equal(Sum(i => floats[i]), Sum(i => weights.Levels[i] * (double)weights.Scales[channel]) + loss[channel], 1e-9);
        }
        Assert.Equal((int)Math.Round((0.25 + loss[0]) / (0.01f * (double)weights.Scales[0])), weights.Bias([0.25f, 0], loss, 0.01f)[0]);
    }
}
