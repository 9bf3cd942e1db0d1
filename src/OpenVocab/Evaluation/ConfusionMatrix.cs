using System.Runtime.InteropServices;

namespace OpenVocab.Evaluation;

/// <summary>What is taken for what: how many boxes of each class were found as each class, missed, or seen where nothing is.</summary>
/// <remarks>
/// Only detections with a score above the threshold count. In each picture, a detection and a labelled box that overlap enough are a pair, whatever their classes; each is in one
/// pair at most, and the greatest overlap is paired first (of equal ones the earlier detection, then the earlier label). What is left over is paired with the background. A crowd or
/// an ignored label is never counted; a detection that is left over and lies on one, of any class, is not counted either.
/// Immutable, safe for any number of threads.
/// </remarks>
public sealed class ConfusionMatrix
{
    // Most cells of many classes are empty: memory goes with the boxes, not with the square of the classes.
    private readonly Dictionary<(int Predicted, int Actual), int> _counts = [];

    private readonly int[] _totals;

    private ConfusionMatrix(int classes, double threshold, double overlap) => (Classes, Threshold, Overlap, _totals) = (classes, threshold, overlap, new int[classes + 1]);

    /// <summary>How many classes there are; as an index it stands for the background.</summary>
    public int Classes { get; }

    /// <summary>Only detections with a greater score were counted.</summary>
    public double Threshold { get; }

    /// <summary>The least overlap, as intersection over union, of a pair.</summary>
    public double Overlap { get; }

    /// <summary>How many boxes of one class were found as another.</summary>
    /// <param name="predicted">What the detector said; <see cref="Classes"/>: nothing, the object was missed.</param>
    /// <param name="actual">What is labelled; <see cref="Classes"/>: nothing, the detection is false. Of both as background there is never a count.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is negative or greater than <see cref="Classes"/>.</exception>
    public int this[int predicted, int actual]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)predicted, (uint)Classes, nameof(predicted));
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)actual, (uint)Classes, nameof(actual));
            return _counts.GetValueOrDefault((predicted, actual));
        }
    }

    /// <summary>How many boxes of a class are labelled and counted, found or not; of <see cref="Classes"/>, the background: how many detections are false.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or greater than <see cref="Classes"/>.</exception>
    public int TotalOf(int actual)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)actual, (uint)Classes, nameof(actual));
        return _totals[actual];
    }

    /// <summary>Counts.</summary>
    /// <param name="images">How many pictures there are.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="labels">In any order. <see cref="LabelKinds.Uncredited"/> counts as any other object: that mark is of average precision.</param>
    /// <param name="detections">In any order. Their scores decide only which of them count.</param>
    /// <param name="threshold">Detections with a greater score count.</param>
    /// <param name="overlap">
    /// The least overlap, as intersection over union, of a pair, and of a detection that lies on an ignored label; in a crowd, the least share of the detection's own area. More
    /// than 0, at most 1.
    /// </param>
    /// <exception cref="ArgumentException">An index is out of range, or a number is not finite; the message names the box.</exception>
    public static ConfusionMatrix Count(
        int images, int classes, ReadOnlySpan<LabelledBox> labels, ReadOnlySpan<ScoredBox> detections, double threshold = 0.25, double overlap = 0.5)
    {
        if (double.IsNaN(threshold)) { throw new ArgumentOutOfRangeException(nameof(threshold), "The threshold is NaN; it must be a number that scores can be compared with."); }
        if (overlap is not (> 0 and <= 1)) { throw new ArgumentOutOfRangeException(nameof(overlap), Invariant($"The overlap is {overlap}; it must be more than 0 and at most 1.")); }
        BoxGroups.Check(images, classes, labels, detections);
        List<ScoredBox> reported = [];
        foreach (ref readonly ScoredBox found in detections)
        {
            if (found.Score > threshold) { reported.Add(found); }
        }
        (LabelledBox[] labelled, int[] labelsOf) = ByImage(labels, images, static label => label.Image);
        (ScoredBox[] counted, int[] detectionsOf) = ByImage<ScoredBox>(CollectionsMarshal.AsSpan(reported), images, static found => found.Image);
        ConfusionMatrix matrix = new(classes, threshold, overlap);
        List<(double Overlap, int Detection, int Label)> pairs = [];
        for (int image = 0; image < images; image++)
        {
            matrix.AddPicture(labelled.AsSpan(labelsOf[image]..labelsOf[image + 1]), counted.AsSpan(detectionsOf[image]..detectionsOf[image + 1]), pairs);
        }
        return matrix;
    }

    private void AddPicture(ReadOnlySpan<LabelledBox> labels, ReadOnlySpan<ScoredBox> detections, List<(double Overlap, int Detection, int Label)> pairs)
    {
        pairs.Clear();
        bool[] forgiven = new bool[detections.Length], paired = new bool[detections.Length], matched = new bool[labels.Length];
        for (int d = 0; d < detections.Length; d++)
        {
            for (int l = 0; l < labels.Length; l++)
            {
                double shared = ClassMatcher.Overlap(detections[d], labels[l]);
                if (shared < Overlap) { continue; }
                if (IsCounted(labels[l])) { pairs.Add((shared, d, l)); }
                else { forgiven[d] = true; }
            }
        }
        pairs.Sort(static (a, b) => a.Overlap != b.Overlap ? b.Overlap.CompareTo(a.Overlap) : (a.Detection, a.Label).CompareTo((b.Detection, b.Label)));
        foreach ((_, int d, int l) in pairs)
        {
            if (paired[d] || matched[l]) { continue; }
            paired[d] = matched[l] = true;
            Add(detections[d].Class, labels[l].Class);
        }
        for (int l = 0; l < labels.Length; l++)
        {
            if (!matched[l] && IsCounted(labels[l])) { Add(Classes, labels[l].Class); }
        }
        for (int d = 0; d < detections.Length; d++)
        {
            if (!paired[d] && !forgiven[d]) { Add(detections[d].Class, Classes); }
        }
    }

    private static bool IsCounted(in LabelledBox label) => (label.Kinds & (LabelKinds.Crowd | LabelKinds.Ignored)) == 0;

    private void Add(int predicted, int actual)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, (predicted, actual), out _)++;
        _totals[actual]++;
    }

    /// <summary>The boxes by picture, in a picture as they came, and where each picture's begin.</summary>
    private static (T[] Boxes, int[] Starts) ByImage<T>(ReadOnlySpan<T> boxes, int images, Func<T, int> imageOf)
    {
        int[] starts = new int[images + 1], next = new int[images];
        foreach (T box in boxes) { starts[imageOf(box) + 1]++; }
        for (int i = 0; i < images; i++) { starts[i + 1] += next[i] = starts[i]; }
        T[] sorted = new T[boxes.Length];
        foreach (T box in boxes) { sorted[next[imageOf(box)]++] = box; }
        return (sorted, starts);
    }
}
