using OpenVocab.Counting;
using OpenVocab.Prompts;

namespace OpenVocab;

/// <summary>
/// What was found in one frame. Belongs to the caller; a detector changes it only where it is given again for reuse.
/// Safe to read from several threads.
/// </summary>
public sealed partial class FrameResult
{
    private readonly List<Detection> _detections = [];

    /// <summary>What was found, best score first.</summary>
    public IReadOnlyList<Detection> Detections => _detections;

    /// <summary>The classes that were looked for. <see cref="Vocabulary.Empty"/> before the first use.</summary>
    public Vocabulary Vocabulary { get; internal set; } = Vocabulary.Empty;

    /// <summary>Width of the picture in pixels.</summary>
    public int Width { get; internal set; }

    /// <summary>Height of the picture in pixels.</summary>
    public int Height { get; internal set; }

    /// <summary>Where the time went.</summary>
    public StageTimings Timings { get; internal set; }

    /// <summary>How many candidates were dropped because the network gave a box or a score that is no number; 0 for a healthy model.</summary>
    public int NonFinite { get; internal set; }

    /// <summary>What was counted at lines and in zones since the start of the source, this frame included; empty where nothing counts.</summary>
    public IReadOnlyList<RegionCounts> Counts { get; internal set; } = [];

    /// <summary>Of each class, the score that a detection must exceed.</summary>
    internal float[] Thresholds { get; set; } = [];

    /// <summary>Room for what the detections are before they meet any word; null, as usual: nobody asks for it.</summary>
    internal RegionVectors? Regions { get; init; }

    /// <summary>The list behind <see cref="Detections"/>, for whoever fills or tracks it.</summary>
    internal List<Detection> Items => _detections;

    /// <summary>The class name of a detection, as the user wrote it.</summary>
    /// <param name="detection">One of <see cref="Detections"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class id is none of this result's vocabulary.</exception>
    public string NameOf(Detection detection) => Vocabulary.Classes[detection.ClassId].Name;
}
