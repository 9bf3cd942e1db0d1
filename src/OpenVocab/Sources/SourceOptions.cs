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

    /// <summary>
    /// How cameras and network streams are kept alive. Null: a network stream is read like a file, all its frames, and it ends when it ends.
    /// </summary>
    public LiveOptions? Live { get; init; } = new();

    /// <summary>Play video files at their own frame rate, again and again, as if they were cameras. Default false.</summary>
    public bool Loop { get; init; }

    /// <summary>Tells the time and wakes those who wait; tests bring their own.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told when a camera or a network stream comes or goes, on the thread that reads it; null: nobody is.</summary>
    public Action<SourceStateChange>? StateChanged { get; init; }

    internal SourceOptions Validated()
    {
        if (FrameStride is < 1 or > 10_000) { throw new ArgumentException($"FrameStride is {FrameStride}; it must lie between 1 and 10000."); }
        Live?.Validate();
        return this;
    }
}
