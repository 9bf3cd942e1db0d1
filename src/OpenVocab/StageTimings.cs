namespace OpenVocab;

/// <summary>Where the time of one frame went.</summary>
/// <param name="Preprocess">Letterbox and packing.</param>
/// <param name="Inference">The network.</param>
/// <param name="Postprocess">Decoding of the output, non-maximum suppression, mapping back to the picture.</param>
public readonly record struct StageTimings(TimeSpan Preprocess, TimeSpan Inference, TimeSpan Postprocess)
{
    /// <summary>All stages together.</summary>
    public TimeSpan Total => Preprocess + Inference + Postprocess;
}
