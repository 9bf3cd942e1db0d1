using OpenVocab.Imaging;

namespace OpenVocab.Sources;

/// <summary>How sources are opened. Immutable; change it by <c>with</c>.</summary>
public sealed record SourceOptions
{
    /// <summary>Bounds for pictures, and for the frames of videos.</summary>
    public ImageLimits Limits { get; init; } = new();

    /// <summary>Of every so many frames of a video or camera the last one is used, 1 to 10,000. Default 1: all.</summary>
    public int FrameStride { get; init; } = 1;

    /// <summary>Whether video files are decoded by an ffmpeg process where it is installed: faster, and it goes on behind damage. Default true.</summary>
    public bool UseFfmpeg { get; init; } = true;
}
