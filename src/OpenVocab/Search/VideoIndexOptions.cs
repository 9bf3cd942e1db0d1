using OpenVocab.Imaging;
using OpenVocab.Prompts;

namespace OpenVocab.Search;

/// <summary>How videos are looked at for an index. Immutable; change it by <c>with</c>.</summary>
public sealed record VideoIndexOptions
{
    /// <summary>
    /// The words that guide the detector: what fits none of them is not kept, so they should be broad. Null: the model's own vocabulary. They are not what can be asked later: that is any word.
    /// </summary>
    public PromptSet? Guide { get; init; }

    /// <summary>What is kept has a score above this for one of the guiding words, 0 to 1. Default 0.1: what looks only a little like any of them may be what is asked for.</summary>
    public float MinScore { get; init; } = 0.1f;

    /// <summary>Of every so many frames of a video the last one is looked at, 1 to 10,000. Default 1: all.</summary>
    public int FrameStride { get; init; } = 1;

    /// <summary>How many views of a thing are kept at most, 1 to 64. Default 6: the best of each sixth to third of the time in which it was seen.</summary>
    public int Views { get; init; } = 6;

    /// <summary>Device, input size, overlap and the like; the score is <see cref="MinScore"/>, and boxes suppress each other whatever their words are. Default: a frame a core.</summary>
    public DetectorOptions Detector { get; init; } = new() { ParallelFrames = Environment.ProcessorCount };

    /// <summary>Bounds for pictures, and for the frames of videos.</summary>
    public ImageLimits Limits { get; init; } = new();

    /// <summary>Reports every fault at once.</summary>
    internal VideoIndexOptions Validated()
    {
        List<string> faults = [];
        if (MinScore is not (>= 0f and <= 1f)) { faults.Add(Invariant($"MinScore is {MinScore}; it must lie between 0 and 1.")); }
        if (FrameStride is < 1 or > 10_000) { faults.Add($"FrameStride is {FrameStride}; it must lie between 1 and 10000."); }
        if (Views is < 1 or > 64) { faults.Add($"Views is {Views}; it must lie between 1 and 64."); }
        return faults.Count == 0 ? this : throw new ArgumentException("The options of the index cannot be used: " + string.Join(" ", faults));
    }
}
