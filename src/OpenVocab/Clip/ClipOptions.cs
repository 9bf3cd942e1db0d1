using OpenVocab.Inference;

namespace OpenVocab.Clip;

/// <summary>How a <see cref="ClipImageEncoder"/> runs. Immutable; change it by <c>with</c>.</summary>
public sealed record ClipOptions
{
    /// <summary>Where the image encoder runs. The text encoder runs on the processor: a prompt is embedded once.</summary>
    public ExecutionDevice Device { get; init; } = ExecutionDevice.Auto;

    /// <summary>Number of the graphics card, 0 to 63, where there are several.</summary>
    public int GpuId { get; init; }

    /// <summary>Cores that the networks may use, 0 to 256; 0: all that the process may use.</summary>
    public int Threads { get; init; }

    /// <summary>How many pictures go through the network together where more are given, 1 to 256; it bounds memory. Default 8.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Folder of a bundle whose text encoder embeds the texts, for an image encoder that comes without one; of the same CLIP, or cosines mean nothing. Null: the bundle's own.</summary>
    public string? TextEncoder { get; init; }

    /// <summary>Reports every fault at once.</summary>
    internal ClipOptions Validated()
    {
        List<string> faults = [];
        if (GpuId is < 0 or > 63) { faults.Add($"GpuId is {GpuId}; it must lie between 0 and 63."); }
        if (Threads is < 0 or > 256) { faults.Add($"Threads is {Threads}; it must lie between 0 and 256."); }
        if (BatchSize is < 1 or > 256) { faults.Add($"BatchSize is {BatchSize}; it must lie between 1 and 256."); }
        return faults.Count == 0 ? this : throw new ArgumentException("The options of CLIP cannot be used: " + string.Join(" ", faults));
    }
}
