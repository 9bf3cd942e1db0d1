using System.Numerics.Tensors;
using System.Text.Json;
using OpenVocab.Clip;

namespace OpenVocab.Tests.Clip;

/// <summary>Both formulas against numbers that were computed with numpy in float64.</summary>
public class ClipScoreTests
{
    /// <summary>As the golden file states it.</summary>
    private const double Tolerance = 1e-5;

    private static readonly JsonElement s_golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("clip", "clipscore.json"))).RootElement;

    [Fact]
    public void Each_pair_scores_as_the_reference()
    {
        Assert.All(s_golden.GetProperty("pairs").EnumerateArray(), pair =>
        {
            double cosine = pair.GetProperty("cosine").GetDouble();
            Assert.Equal(pair.GetProperty("paper").GetDouble(), ClipScore.Of(ClipScoreFormula.Paper, cosine), Tolerance);
            Assert.Equal(pair.GetProperty("torchmetrics_single").GetDouble(), ClipScore.Of(ClipScoreFormula.TorchMetrics, cosine), Tolerance);
        });
    }

    [Fact]
    public void A_list_of_pairs_scores_as_the_reference()
    {
        double[] cosines = [.. s_golden.GetProperty("pairs").EnumerateArray().Select(pair => pair.GetProperty("cosine").GetDouble())];
        JsonElement corpus = s_golden.GetProperty("corpus");

        Assert.Equal(corpus.GetProperty("paper_mean").GetDouble(), ClipScore.OfAll(ClipScoreFormula.Paper, cosines), Tolerance);
        Assert.Equal(corpus.GetProperty("torchmetrics").GetDouble(), ClipScore.OfAll(ClipScoreFormula.TorchMetrics, cosines), Tolerance);
        // What the mean would be if each pair were clamped first, which torchmetrics does not do.
        Assert.NotEqual(corpus.GetProperty("mean_of_clamped_100cos").GetDouble(), ClipScore.OfAll(ClipScoreFormula.TorchMetrics, cosines), Tolerance);
    }

    [Fact]
    public void References_count_by_the_closest_of_them()
    {
        Assert.All(s_golden.GetProperty("refclipscore").EnumerateArray(), row =>
        {
            double score = row.GetProperty("clipscore").GetDouble(), closest = row.GetProperty("max_reference_cosine").GetDouble();
            Assert.Equal(row.GetProperty("refclipscore").GetDouble(), ClipScore.WithReferences(score / 2.5, [closest, closest - 0.5, -1]), Tolerance);
        });
        Assert.Equal(0, ClipScore.WithReferences(0.5, [-0.2]));
    }

    [Fact]
    public void Vectors_of_a_few_numbers_score_as_the_reference()
    {
        static float[] Unit(JsonElement row, string name)
        {
            float[] vector = [.. row.GetProperty(name).EnumerateArray().Select(number => number.GetSingle())];
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
            return vector;
        }
        Assert.All(s_golden.GetProperty("toy_vectors").EnumerateArray(), row =>
        {
            double cosine = ClipScorer.Cosine(Unit(row, "image"), Unit(row, "text"));
            Assert.Equal(row.GetProperty("cosine").GetDouble(), cosine, Tolerance);
            Assert.Equal(row.GetProperty("paper").GetDouble(), ClipScore.Of(ClipScoreFormula.Paper, cosine), Tolerance);
            // A hundred times the cosine, so a hundred times its tolerance.
            Assert.Equal(row.GetProperty("torchmetrics").GetDouble(), ClipScore.Of(ClipScoreFormula.TorchMetrics, cosine), 100 * Tolerance);
        });
    }

    [Fact]
    public void Nothing_has_no_mean()
    {
        Assert.Throws<ArgumentException>(() => ClipScore.OfAll(ClipScoreFormula.Paper, []));
        Assert.Throws<ArgumentException>(() => ClipScore.WithReferences(1, []));
    }
}
