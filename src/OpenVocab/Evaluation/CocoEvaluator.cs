namespace OpenVocab.Evaluation;

/// <summary>
/// Average precision and recall by COCO's rules, equal to pycocotools: at most 100 detections of a picture and class, greedy matching at ten overlaps, precision made monotonous and
/// read at 101 levels of recall.
/// </summary>
/// <remarks>Safe for any number of threads. Nothing that is given is kept or changed.</remarks>
public static class CocoEvaluator
{
    internal const int MostDetections = 100;

    /// <summary>Compares detections with the labels of a data set.</summary>
    /// <param name="dataset">Its order of pictures decides between equal scores.</param>
    /// <param name="detections">Of equal scores the earlier detection comes first.</param>
    /// <exception cref="ArgumentException">An index is out of range, or a number is not finite; the message names the box.</exception>
    public static EvaluationReport Evaluate(LabelledDataset dataset, IEnumerable<ScoredBox> detections)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Evaluate(dataset.Images.Count, dataset.Classes.Count, [.. dataset.Labels], [.. detections]);
    }

    /// <summary>Compares detections with labels.</summary>
    /// <param name="images">How many pictures there are. Their order decides between equal scores: pycocotools has them by rising id.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="labels">Of equal overlaps with a detection the later label is taken.</param>
    /// <param name="detections">Of equal scores the earlier detection comes first.</param>
    /// <exception cref="ArgumentException">An index is out of range, or a number is not finite; the message names the box.</exception>
    public static EvaluationReport Evaluate(int images, int classes, ReadOnlySpan<LabelledBox> labels, ReadOnlySpan<ScoredBox> detections)
    {
        BoxGroups groups = new(images, classes, labels, detections);
        ClassEvaluation[] found = new ClassEvaluation[classes];
        // Classes do not touch each other: each is matched and summed up on its own, in memory that the next one uses again.
        ClassMatcher matcher = new();
        for (int classId = 0; classId < classes; classId++) { found[classId] = matcher.Run(groups, classId, MostDetections, null); }
        return EvaluationReport.Of(found);
    }
}
