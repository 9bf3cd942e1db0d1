using OpenVocab.Imaging;
using OpenVocab.Inference;

namespace OpenVocab;

/// <summary>How a <see cref="Detector"/> looks. Immutable; change it by <c>with</c>. Null means: as the bundle says.</summary>
public sealed record DetectorOptions
{
    /// <summary>A score must be greater than this probability, 0 to 1. Classes with a threshold of their own ignore it.</summary>
    public float? MinScore { get; init; }

    /// <summary>Of two boxes of a class that overlap by more than this (intersection over union, 0 to 1) the better one stays.</summary>
    public double? IouThreshold { get; init; }

    /// <summary>Input size of the network. Smaller is faster and misses small things.</summary>
    public InputSize? ImageSize { get; init; }

    /// <summary>
    /// True: border only up to the next multiple of the stride, which saves time for pictures that are not square. False: the whole square.
    /// </summary>
    public bool? MinimalRectangle { get; init; }

    /// <summary>Whether a padding prompt (<c>" "</c>) competes beside the classes; see docs/prompts.md.</summary>
    public bool? PaddingPrompt { get; init; }

    /// <summary>Folder of a bundle whose text encoder embeds the words, for a model that has none or another; its embeddings must be as long as the model's. Null: the model's own.</summary>
    public string? TextEncoder { get; init; }

    /// <summary>The most detections of one picture, 1 to 30,000. Default 300.</summary>
    public int MaxDetections { get; init; } = 300;

    /// <summary>The most candidates that enter NMS, best scores first, 1 to 1,000,000. Default 30,000.</summary>
    public int MaxCandidates { get; init; } = 30_000;

    /// <summary>True: overlapping boxes suppress each other across classes.</summary>
    public bool AgnosticNms { get; init; }

    /// <summary>True: one box may be reported once for every class above its threshold, as evaluation wants it. Default: its best class alone.</summary>
    public bool MultiLabel { get; init; }

    /// <summary>Where the network runs.</summary>
    public ExecutionDevice Device { get; init; } = ExecutionDevice.Auto;

    /// <summary>What numbers the network is computed with. Default: 8-bit ones where the bundle has such a detector and the processor is made for it.</summary>
    public ExecutionPrecision Precision { get; init; } = ExecutionPrecision.Auto;

    /// <summary>Number of the graphics card, 0 to 63, where there are several.</summary>
    public int GpuId { get; init; }

    /// <summary>Whether the network may be computed with half precision (float16): TensorRT alone does it, scores then differ in their third digit.</summary>
    public bool HalfPrecision { get; init; }

    /// <summary>Cores that the network may use, 0 to 256; 0: all that the process may use.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether threads of the network that wait for work look for it without rest for a while: a frame is done a little sooner, and between the frames of a camera the processor does not rest. Default
    /// true; <c>openvocab live</c> and <c>serve</c> set false.
    /// </summary>
    public bool Spins { get; init; } = true;

    /// <summary>
    /// How many frames of a file a <see cref="Pipelines.Pipeline"/> looks at at once, 1 to 256; they share <see cref="Threads"/>. Default 1: a single picture is done soonest. As many as there
    /// are cores give the most frames a second (docs/performance.md), since threads that share one frame wait for each other. Live sources, where the newest frame counts, are looked at frame by
    /// frame. Not for graphics cards.
    /// </summary>
    public int ParallelFrames { get; init; } = 1;

    /// <summary>
    /// How many pictures go through the network together where several are given, 1 to 64. Null: 8 on a graphics card, 1 on a processor, where four together take 1.2 times as
    /// long as one after another (docs/performance.md).
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>Reports every fault at once.</summary>
    internal DetectorOptions Validated()
    {
        List<string> faults = [];
        if (MinScore is { } score && score is not (>= 0f and <= 1f)) { faults.Add(Invariant($"MinScore is {score}; it must lie between 0 and 1.")); }
        if (IouThreshold is { } iou && iou is not (>= 0 and <= 1)) { faults.Add(Invariant($"IouThreshold is {iou}; it must lie between 0 and 1.")); }
        if (ImageSize is { } size && (size.Height is < 32 or > 4096 || size.Width is < 32 or > 4096))
        {
            faults.Add($"ImageSize is {size}; both sides must lie between 32 and 4096.");
        }
        if (MaxDetections is < 1 or > 30_000) { faults.Add($"MaxDetections is {MaxDetections}; it must lie between 1 and 30000."); }
        if (MaxCandidates is < 1 or > 1_000_000) { faults.Add($"MaxCandidates is {MaxCandidates}; it must lie between 1 and 1000000."); }
        if (BatchSize is < 1 or > 64) { faults.Add($"BatchSize is {BatchSize}; it must lie between 1 and 64."); }
        if (GpuId is < 0 or > 63) { faults.Add($"GpuId is {GpuId}; it must lie between 0 and 63."); }
        if (HalfPrecision && Device != ExecutionDevice.TensorRt) { faults.Add($"HalfPrecision is for TensorRT alone; the device is {Device}."); }
        if (Threads is < 0 or > 256) { faults.Add($"Threads is {Threads}; it must lie between 0 and 256."); }
        if (ParallelFrames is < 1 or > 256) { faults.Add($"ParallelFrames is {ParallelFrames}; it must lie between 1 and 256."); }
        return faults.Count == 0 ? this : throw new ArgumentException("The detector's options cannot be used: " + string.Join(" ", faults));
    }
}
