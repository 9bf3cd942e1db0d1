namespace OpenVocab.Evaluation;

/// <summary>Labels and detections by class, then by picture: detections of a picture best first, labels in the order in which they came.</summary>
internal sealed class BoxGroups
{
    private readonly LabelledBox[] _labels;
    private readonly ScoredBox[] _detections;
    private readonly int[] _labelsOfClass, _detectionsOfClass;

    internal BoxGroups(int images, int classes, ReadOnlySpan<LabelledBox> labels, ReadOnlySpan<ScoredBox> detections)
    {
        Check(images, classes, labels, detections);
        _labels = Sorted(labels, static label => (label.Class, label.Image, 0));
        _detections = Sorted(detections, static found => (found.Class, found.Image, -found.Score));
        _labelsOfClass = Starts(_labels, classes, static label => label.Class);
        _detectionsOfClass = Starts(_detections, classes, static found => found.Class);
    }

    /// <summary>By picture, then in the order in which they came.</summary>
    internal ReadOnlySpan<LabelledBox> LabelsOf(int classId) => _labels.AsSpan(_labelsOfClass[classId].._labelsOfClass[classId + 1]);

    /// <summary>By picture, then by falling score, then in the order in which they came.</summary>
    internal ReadOnlySpan<ScoredBox> DetectionsOf(int classId) => _detections.AsSpan(_detectionsOfClass[classId].._detectionsOfClass[classId + 1]);

    /// <summary>Refuses a box whose picture or class does not exist, or that has a number which is not finite.</summary>
    internal static void Check(int images, int classes, ReadOnlySpan<LabelledBox> labels, ReadOnlySpan<ScoredBox> detections)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        for (int i = 0; i < labels.Length; i++)
        {
            ref readonly LabelledBox label = ref labels[i];
            CheckPlace("Label", i, label.Image, images, label.Class, classes);
            if (!double.IsFinite(label.X + label.Y + label.Width + label.Height + label.Area)) { throw new ArgumentException($"Label {i}: {label} has a number that is not finite. Leave it out.", nameof(labels)); }
        }
        for (int i = 0; i < detections.Length; i++)
        {
            ref readonly ScoredBox found = ref detections[i];
            CheckPlace("Detection", i, found.Image, images, found.Class, classes);
            if (!double.IsFinite(found.X + found.Y + found.Width + found.Height + found.Score)) { throw new ArgumentException($"Detection {i}: {found} has a number that is not finite. Leave it out.", nameof(detections)); }
        }
    }

    private static void CheckPlace(string what, int i, int image, int images, int classId, int classes)
    {
        if ((uint)image >= (uint)images) { throw new ArgumentException($"{what} {i}: its picture is number {image}; there are {images}, counted from 0."); }
        if ((uint)classId >= (uint)classes) { throw new ArgumentException($"{what} {i}: its class is number {classId}; there are {classes}, counted from 0."); }
    }

    // The index as the last key makes the sort stable: equal scores keep their order.
    private static T[] Sorted<T>(ReadOnlySpan<T> boxes, Func<T, (int Class, int Image, double Rank)> keyOf)
    {
        (int Class, int Image, double Rank, int Index)[] keys = new (int, int, double, int)[boxes.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            (int classId, int image, double rank) = keyOf(boxes[i]);
            keys[i] = (classId, image, rank, i);
        }
        Array.Sort(keys, static (a, b) =>
            a.Class != b.Class ? a.Class.CompareTo(b.Class)
            : a.Image != b.Image ? a.Image.CompareTo(b.Image)
            : a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank)
            : a.Index.CompareTo(b.Index));
        T[] sorted = new T[boxes.Length];
        for (int i = 0; i < keys.Length; i++) { sorted[i] = boxes[keys[i].Index]; }
        return sorted;
    }

    private static int[] Starts<T>(T[] boxes, int classes, Func<T, int> classOf)
    {
        int[] starts = new int[classes + 1];
        foreach (T box in boxes) { starts[classOf(box) + 1]++; }
        for (int i = 0; i < classes; i++) { starts[i + 1] += starts[i]; }
        return starts;
    }
}
