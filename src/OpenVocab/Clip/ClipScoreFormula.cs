namespace OpenVocab.Clip;

/// <summary>The two things that are called CLIPScore.</summary>
public enum ClipScoreFormula
{
    /// <summary>Hessel et al. 2021: <c>2.5 · max(cos, 0)</c>, captions after "A photo depicts "; of many pairs the mean.</summary>
    Paper,

    /// <summary>The metric <c>CLIPScore</c> of torchmetrics: <c>max(100 · cos, 0)</c>, captions as they are; of many pairs the mean of the cosines first.</summary>
    TorchMetrics,
}
