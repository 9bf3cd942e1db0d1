namespace OpenVocab.Evaluation;

/// <summary>
/// COCO's twelve numbers, as fractions of 1. <see cref="Nothing"/> (-1) stands where there is nothing to average: no object of that size in the labels.
/// </summary>
/// <remarks>Definitions: Lin et al., "Microsoft COCO", and the evaluation page of cocodataset.org; computed as pycocotools does.</remarks>
public sealed record Accuracy
{
    /// <summary>Stands for a number that does not exist.</summary>
    public const double Nothing = -1;

    /// <summary>Average precision: mean over ten overlaps (0.50 to 0.95), 101 levels of recall, and the classes.</summary>
    public double AP { get; init; } = Nothing;

    /// <summary>Average precision where an overlap (intersection over union) of 0.50 is a hit.</summary>
    public double AP50 { get; init; } = Nothing;

    /// <summary>Average precision where an overlap of 0.75 is a hit.</summary>
    public double AP75 { get; init; } = Nothing;

    /// <summary><see cref="AP"/> of objects up to 32² pixels.</summary>
    public double APSmall { get; init; } = Nothing;

    /// <summary><see cref="AP"/> of objects from 32² to 96² pixels.</summary>
    public double APMedium { get; init; } = Nothing;

    /// <summary><see cref="AP"/> of objects from 96² pixels on.</summary>
    public double APLarge { get; init; } = Nothing;

    /// <summary>Average recall with the best detection of each picture and class alone: mean over ten overlaps and the classes.</summary>
    public double AR1 { get; init; } = Nothing;

    /// <summary>Average recall with the ten best detections of each picture and class.</summary>
    public double AR10 { get; init; } = Nothing;

    /// <summary>Average recall with the hundred best detections of each picture and class; by LVIS' rules with all that are looked at.</summary>
    public double AR100 { get; init; } = Nothing;

    /// <summary><see cref="AR100"/> of objects up to 32² pixels.</summary>
    public double ARSmall { get; init; } = Nothing;

    /// <summary><see cref="AR100"/> of objects from 32² to 96² pixels.</summary>
    public double ARMedium { get; init; } = Nothing;

    /// <summary><see cref="AR100"/> of objects from 96² pixels on.</summary>
    public double ARLarge { get; init; } = Nothing;

    /// <summary>The mean of each number over those that have it.</summary>
    internal static Accuracy Mean(IReadOnlyCollection<Accuracy> all) => new()
    {
        AP = MeanOf(all, each => each.AP),
        AP50 = MeanOf(all, each => each.AP50),
        AP75 = MeanOf(all, each => each.AP75),
        APSmall = MeanOf(all, each => each.APSmall),
        APMedium = MeanOf(all, each => each.APMedium),
        APLarge = MeanOf(all, each => each.APLarge),
        AR1 = MeanOf(all, each => each.AR1),
        AR10 = MeanOf(all, each => each.AR10),
        AR100 = MeanOf(all, each => each.AR100),
        ARSmall = MeanOf(all, each => each.ARSmall),
        ARMedium = MeanOf(all, each => each.ARMedium),
        ARLarge = MeanOf(all, each => each.ARLarge),
    };

    private static double MeanOf(IReadOnlyCollection<Accuracy> all, Func<Accuracy, double> number) => all.Select(number).Where(value => value >= 0).DefaultIfEmpty(Nothing).Average();
}
