namespace OpenVocab.Decoding;

/// <summary>What a decoder needs to know of the words and of the options. Made once per vocabulary and options, then only read.</summary>
internal sealed class DecodeSettings
{
    /// <summary>Class id of each score row, or -1 for rows that compete and are never reported.</summary>
    internal required int[] ClassOfRow { get; init; }

    /// <summary>A score must be greater than its class's threshold.</summary>
    internal required float[] Thresholds { get; init; }

    /// <summary>Under which id a class takes part in NMS.</summary>
    internal required int[] SuppressionGroups { get; init; }

    /// <summary>Smallest of <see cref="Thresholds"/>: what the scan over all scores compares with.</summary>
    internal float LeastThreshold => _least ??= Thresholds.Length == 0 ? float.MaxValue : Thresholds.Min();

    private float? _least;

    /// <summary>True: a box appears once for every class above its threshold. False: for its best class alone.</summary>
    internal bool MultiLabel { get; init; }

    /// <summary>True: a box suppresses boxes of all classes.</summary>
    internal bool Agnostic { get; init; }

    /// <summary>Boxes that overlap a better one by more than this (intersection over union) are dropped.</summary>
    internal double IouThreshold { get; init; } = 0.7;

    /// <summary>The most boxes of one picture.</summary>
    internal int MaxDetections { get; init; } = 300;

    /// <summary>The most candidates that enter NMS, best scores first.</summary>
    internal int MaxCandidates { get; init; } = 30_000;

    /// <summary>Class id of a label that a network wrote beside a box, or -1.</summary>
    /// <param name="label">A finite number: networks write labels as floats, too.</param>
    internal int ClassOfLabel(float label) => (int)label is var row && (uint)row < (uint)ClassOfRow.Length ? ClassOfRow[row] : -1;
}
