namespace OpenVocab.Evaluation;

/// <summary>How often a class is seen in LVIS' training pictures.</summary>
public enum ClassFrequency
{
    /// <summary>The data do not say.</summary>
    Unknown,

    /// <summary>In fewer than 10 pictures.</summary>
    Rare,

    /// <summary>In fewer than 100 pictures.</summary>
    Common,

    /// <summary>In 100 pictures or more.</summary>
    Frequent,
}

/// <summary>Which classes a picture of a federated data set was looked at for. Of all others nobody knows whether they are in it.</summary>
/// <param name="Absent">Classes that are surely not in it (<c>neg_category_ids</c>).</param>
/// <param name="NotExhaustive">Classes of which not all objects are labelled (<c>not_exhaustive_category_ids</c>).</param>
public sealed record FederatedImage(IReadOnlyCollection<int> Absent, IReadOnlyCollection<int> NotExhaustive);

/// <summary>What an evaluation by LVIS' rules gives beside COCO's numbers.</summary>
/// <param name="Report">AP, recall, and each class; <see cref="Accuracy.AR1"/> and <see cref="Accuracy.AR10"/> are not defined and -1.</param>
/// <param name="APRare">AP of the rare classes, or -1.</param>
/// <param name="APCommon">AP of the common classes, or -1.</param>
/// <param name="APFrequent">AP of the frequent classes, or -1.</param>
public sealed record LvisReport(EvaluationReport Report, double APRare, double APCommon, double APFrequent);

/// <summary>
/// Average precision by LVIS' rules (Gupta et al., arXiv 1908.03195), equal to lvis-api: a class counts in a picture only where the picture was looked at for it. With
/// <see cref="PerClass"/> it is "fixed AP" (Dave et al., arXiv 2102.01066): no bound for a picture, one for a class over all pictures.
/// </summary>
/// <remarks>Immutable, safe for any number of threads. Nothing that is given is kept or changed.</remarks>
public sealed record LvisEvaluator
{
    /// <summary>The best detections of a picture, over all classes, that are looked at: 300 in LVIS' own evaluation. Null: all.</summary>
    public int? PerImage { get; init; } = 300;

    /// <summary>The best detections of a class, over all pictures, that are looked at: 10,000 for fixed AP. Null: all.</summary>
    public int? PerClass { get; init; }

    /// <summary>Fixed AP: all detections of a picture, the best 10,000 of a class.</summary>
    public static LvisEvaluator Fixed { get; } = new() { PerImage = null, PerClass = 10_000 };

    /// <summary>Compares detections with the labels of a data set.</summary>
    /// <param name="dataset">Pictures of which it does not say what they were looked at for count for the classes that are labelled in them.</param>
    /// <param name="detections">Of equal scores the earlier detection comes first.</param>
    /// <exception cref="ArgumentException">An index is out of range, or a number is not finite; the message names the box.</exception>
    public LvisReport Evaluate(LabelledDataset dataset, IEnumerable<ScoredBox> detections)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        FederatedImage nothing = new([], []);
        return Evaluate([.. dataset.Images.Select(image => image.Federated ?? nothing)], [.. dataset.Classes.Select(each => each.Frequency)], [.. dataset.Labels], [.. detections]);
    }

    /// <summary>Compares detections with labels.</summary>
    /// <param name="images">Each picture, in the order that decides between equal scores: lvis-api has them by rising id.</param>
    /// <param name="classes">How often each class is seen.</param>
    /// <param name="labels">Of equal overlaps with a detection the later label is taken.</param>
    /// <param name="detections">Of equal scores the earlier detection comes first.</param>
    /// <exception cref="ArgumentException">An index is out of range, or a number is not finite; the message names the box.</exception>
    public LvisReport Evaluate(IReadOnlyList<FederatedImage> images, IReadOnlyList<ClassFrequency> classes, ReadOnlySpan<LabelledBox> labels, ReadOnlySpan<ScoredBox> detections)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(classes);
        BoxGroups all = new(images.Count, classes.Count, labels, detections);
        HashSet<(int, int)> lookedFor = LookedFor(images, labels);
        ScoredBox[] kept = [.. BestOf(detections, PerImage, found => found.Image)];
        kept = [.. BestOf(kept, PerClass, found => found.Class).Where(found => lookedFor.Contains((found.Image, found.Class)))];
        BoxGroups groups = kept.Length == detections.Length ? all : new(images.Count, classes.Count, labels, kept);
        HashSet<int>[] notExhaustive = [.. classes.Select(_ => new HashSet<int>())];
        for (int image = 0; image < images.Count; image++)
        {
            foreach (int classId in images[image].NotExhaustive) { notExhaustive[classId].Add(image); }
        }
        ClassMatcher matcher = new();
        ClassEvaluation[] found = [.. classes.Select((_, classId) => WithoutShortLists(matcher.Run(groups, classId, int.MaxValue, notExhaustive[classId])))];
        double Of(ClassFrequency frequency) => Accuracy.Mean([.. found.Where((_, classId) => classes[classId] == frequency).Select(each => each.Accuracy)]).AP;
        return new(EvaluationReport.Of(found), Of(ClassFrequency.Rare), Of(ClassFrequency.Common), Of(ClassFrequency.Frequent));
    }

    private static ClassEvaluation WithoutShortLists(ClassEvaluation found) => found with { Accuracy = found.Accuracy with { AR1 = Accuracy.Nothing, AR10 = Accuracy.Nothing } };

    private static HashSet<(int Image, int Class)> LookedFor(IReadOnlyList<FederatedImage> images, ReadOnlySpan<LabelledBox> labels)
    {
        HashSet<(int, int)> pairs = [];
        foreach (ref readonly LabelledBox label in labels) { pairs.Add((label.Image, label.Class)); }
        for (int image = 0; image < images.Count; image++) { pairs.UnionWith(images[image].Absent.Select(classId => (image, classId))); }
        return pairs;
    }

    /// <summary>The best of each group, of equal scores the earlier ones, in the order in which they came.</summary>
    private static ScoredBox[] BestOf(ReadOnlySpan<ScoredBox> detections, int? most, Func<ScoredBox, int> groupOf)
    {
        ScoredBox[] all = detections.ToArray();
        if (most is not { } count) { return all; }
        return [.. all.Index().GroupBy(found => groupOf(found.Item))
            .SelectMany(group => group.OrderByDescending(found => found.Item.Score).Take(count)).OrderBy(found => found.Index).Select(found => found.Item)];
    }
}
