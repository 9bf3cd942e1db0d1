namespace OpenVocab.Sources;

/// <summary>What a source is.</summary>
public enum SourceKind
{
    /// <summary>One still picture.</summary>
    Picture,

    /// <summary>A video file: it has an end, and all its frames are wanted.</summary>
    Video,

    /// <summary>A camera: it goes on until somebody stops it.</summary>
    Camera,

    /// <summary>A network stream.</summary>
    Stream,
}

/// <summary>Frames per second as a fraction, so that 30000/1001 stays exact.</summary>
/// <param name="Numerator">Frames; more than 0.</param>
/// <param name="Denominator">Seconds; more than 0.</param>
public readonly record struct FrameRate(long Numerator, long Denominator)
{
    /// <summary>Frames per second.</summary>
    public double PerSecond => (double)Numerator / Denominator;

    /// <inheritdoc/>
    public override string ToString() => Invariant($"{Numerator}/{Denominator}");
}

/// <summary>What is known of a source before its first frame is read.</summary>
public sealed record SourceInfo
{
    /// <summary>As the user wrote or would recognise it: a path, <c>camera 0</c>, <c>stdin</c>. Never contains a password or the query of an address.</summary>
    public required string Name { get; init; }

    /// <summary>What the source is.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>The file behind it, or null (camera, standard input).</summary>
    public string? Path { get; init; }

    /// <summary>Width of a frame in pixels as it will be delivered (rotation applied), or 0 if that is not known yet.</summary>
    public int Width { get; init; }

    /// <summary>Height of a frame in pixels as it will be delivered (rotation applied), or 0 if that is not known yet.</summary>
    public int Height { get; init; }

    /// <summary>Nominal rate, or null (pictures, and where the container does not say).</summary>
    public FrameRate? FrameRate { get; init; }

    /// <summary>True where the distances between frames differ: writers must then use each frame's <see cref="Frame.Time"/>.</summary>
    public bool VariableRate { get; init; }

    /// <summary>How many frames there are according to the container, or null where it does not say.</summary>
    public long? FrameCount { get; init; }

    /// <summary>True if the file has sound.</summary>
    public bool HasAudio { get; init; }

    /// <summary>True for sources that do not wait: whoever is slow gets the newest frame and misses those between.</summary>
    public bool IsLive { get; init; }
}
