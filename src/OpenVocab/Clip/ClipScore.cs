namespace OpenVocab.Clip;

/// <summary>
/// How well a text describes a picture, as a number from the cosine of their CLIP embeddings. Two formulas are in use under one name; they differ by a factor of 40, in the text that is embedded, and
/// in the mean of many pairs.
/// </summary>
/// <remarks>Pure arithmetic; safe for any number of threads. <see cref="ClipScorer"/> embeds pictures and texts for it.</remarks>
public static class ClipScore
{
    /// <summary>What the paper puts before every caption (Hessel et al. 2021, section 3); torchmetrics puts nothing.</summary>
    public const string PaperPrefix = "A photo depicts ";

    private const double PaperWeight = 2.5, TorchMetricsWeight = 100;

    /// <summary>The score of one pair.</summary>
    /// <param name="formula">Which of the two.</param>
    /// <param name="cosine">Of the embeddings, -1 to 1.</param>
    /// <returns>Paper: <c>2.5 · max(cos, 0)</c>, 0 to 2.5, in practice below 1 (Hessel et al. 2021, section 3). torchmetrics: <c>max(100 · cos, 0)</c>, 0 to 100.</returns>
    public static double Of(ClipScoreFormula formula, double cosine) => WeightOf(formula) * Math.Max(cosine, 0);

    /// <summary>The score of a whole list of pairs.</summary>
    /// <param name="formula">Which of the two.</param>
    /// <param name="cosines">At least one.</param>
    /// <returns>Paper: the mean of the pairs' scores. torchmetrics: the mean of <c>100 · cos</c>, and 0 where that is negative: a bad pair may take away from the others.</returns>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public static double OfAll(ClipScoreFormula formula, IReadOnlyCollection<double> cosines)
    {
        ArgumentNullException.ThrowIfNull(cosines);
        if (cosines.Count == 0) { throw new ArgumentException("There are no pairs; the mean of nothing is no score.", nameof(cosines)); }
        return formula == ClipScoreFormula.Paper ? cosines.Average(cosine => Of(formula, cosine)) : Of(formula, cosines.Average());
    }

    /// <summary>RefCLIPScore (Hessel et al. 2021, section 3): the harmonic mean of the paper's score and the likeness to the closest reference caption.</summary>
    /// <param name="cosine">Of picture and caption.</param>
    /// <param name="referenceCosines">Of caption and each reference, at least one; texts with <see cref="PaperPrefix"/>.</param>
    /// <returns>0 where either side is 0: the limit of the harmonic mean.</returns>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    public static double WithReferences(double cosine, IReadOnlyCollection<double> referenceCosines)
    {
        ArgumentNullException.ThrowIfNull(referenceCosines);
        if (referenceCosines.Count == 0) { throw new ArgumentException("There is no reference caption; use Of.", nameof(referenceCosines)); }
        double score = Of(ClipScoreFormula.Paper, cosine), closest = Math.Max(referenceCosines.Max(), 0);
        return score > 0 && closest > 0 ? 2 * score * closest / (score + closest) : 0;
    }

    /// <summary>The text that a formula embeds for a caption.</summary>
    internal static string TextFor(ClipScoreFormula formula, string caption) => formula == ClipScoreFormula.Paper ? PaperPrefix + caption : caption;

    private static double WeightOf(ClipScoreFormula formula) => formula switch
    {
        ClipScoreFormula.Paper => PaperWeight,
        ClipScoreFormula.TorchMetrics => TorchMetricsWeight,
        _ => throw new ArgumentOutOfRangeException(nameof(formula), formula, "This is no formula of CLIPScore."),
    };
}
