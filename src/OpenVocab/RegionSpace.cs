namespace OpenVocab;

/// <summary>How the inner product of a region and a query becomes a probability.</summary>
internal enum RegionForm
{
    /// <summary>1 / (1 + exp(-x)), the query being the word's unit vector and a 1 that takes the region's bias (imported YOLO-World).</summary>
    Logistic,

    /// <summary>1 - exp(-x), the query coming from the bundle's query encoder (the embedded model).</summary>
    Exponential,
}

/// <summary>What regions of a detector are, and how they are asked.</summary>
/// <param name="Dimensions">Numbers a region, and a query.</param>
/// <param name="Form">What makes a probability of their inner product.</param>
internal sealed record RegionSpace(int Dimensions, RegionForm Form)
{
    /// <summary>The probability for an inner product.</summary>
    internal float Probability(float product) => Form == RegionForm.Logistic ? 1 / (1 + MathF.Exp(-product)) : 1 - MathF.Exp(-product);

    /// <summary>The inner product that gives a probability: a scan compares products, and most need no exponential.</summary>
    /// <param name="probability">0 to 1.</param>
    internal float Product(float probability) => Form == RegionForm.Logistic ? MathF.Log(probability / (1 - probability)) : -MathF.Log(1 - probability);
}
