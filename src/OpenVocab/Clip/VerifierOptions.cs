namespace OpenVocab.Clip;

/// <summary>How a <see cref="DetectionVerifier"/> judges. Immutable; change it by <c>with</c>.</summary>
public sealed record VerifierOptions
{
    /// <summary>Detections that CLIP finds less probable are dropped, 0 to 1. Default 0: all stay, and carry the number.</summary>
    public float MinProbability { get; init; }

    /// <summary>Other things that a box may show, beside the classes that are looked for: <c>"shadow", "tree"</c>. Default: none.</summary>
    public IReadOnlyList<string> Against { get; init; } = [];

    /// <summary>Sentences around the words, each with one <c>{}</c>; their embeddings are averaged. Default: <see cref="ZeroShotClassifier.UsualTemplate"/>.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [ZeroShotClassifier.UsualTemplate];

    /// <summary>Reports a fault.</summary>
    internal VerifierOptions Validated() => MinProbability is >= 0f and <= 1f ? this : throw new ArgumentException(Invariant($"MinProbability is {MinProbability}; it must lie between 0 and 1."));
}
