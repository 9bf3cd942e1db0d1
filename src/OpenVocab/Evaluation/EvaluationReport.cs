namespace OpenVocab.Evaluation;

/// <summary>How well one class is found.</summary>
/// <param name="Boxes">How many of its objects should be found: labelled boxes that are neither crowds nor ignored.</param>
/// <param name="Accuracy">Its numbers; all -1 where no object of it is labelled.</param>
/// <param name="Curve">Precision at the 101 levels of recall 0, 0.01 … 1, where an overlap of 0.50 is a hit; empty where no object of it is labelled.</param>
/// <param name="Best">The threshold that serves it best; null where none of its objects is found.</param>
public sealed record ClassEvaluation(int Boxes, Accuracy Accuracy, IReadOnlyList<double> Curve, OperatingPoint? Best);

/// <summary>What a threshold gives, where an overlap of 0.50 is a hit.</summary>
/// <param name="Threshold">Detections with a greater score are reported.</param>
/// <param name="Precision">Share of the reported detections that are right.</param>
/// <param name="Recall">Share of the objects that are found.</param>
public sealed record OperatingPoint(double Threshold, double Precision, double Recall)
{
    /// <summary>Harmonic mean of precision and recall.</summary>
    public double F1 => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;
}

/// <summary>What an evaluation gives.</summary>
/// <param name="Overall">Mean over the classes that have labelled objects.</param>
/// <param name="Classes">Each class, in the order of the classes.</param>
public sealed record EvaluationReport(Accuracy Overall, IReadOnlyList<ClassEvaluation> Classes)
{
    internal static EvaluationReport Of(ClassEvaluation[] classes) => new(Accuracy.Mean([.. classes.Select(each => each.Accuracy)]), classes);
}
