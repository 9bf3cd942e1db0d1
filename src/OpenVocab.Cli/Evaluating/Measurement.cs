using OpenVocab.Cli.Options;
using OpenVocab.Evaluation;

namespace OpenVocab.Cli.Evaluating;

/// <summary>Labels and detections, compared by one set of rules.</summary>
/// <param name="Dataset">Without the labels of pictures that could not be looked at.</param>
/// <param name="Detections">By index of picture and class.</param>
/// <param name="Report">By COCO's rules, or LVIS'.</param>
/// <param name="Lvis">What LVIS' rules give beside it; null by COCO's.</param>
internal sealed record Measurement(LabelledDataset Dataset, IReadOnlyList<ScoredBox> Detections, EvaluationReport Report, LvisReport? Lvis)
{
    internal static Measurement Of(LabelledDataset dataset, IReadOnlyList<ScoredBox> detections, EvaluationRules rules, int perClass)
    {
        if (rules == EvaluationRules.Coco) { return new(dataset, detections, CocoEvaluator.Evaluate(dataset, detections), null); }
        LvisEvaluator evaluator = rules == EvaluationRules.Lvis ? new() : LvisEvaluator.Fixed with { PerClass = perClass };
        LvisReport lvis = evaluator.Evaluate(dataset, detections);
        return new(dataset, detections, lvis.Report, lvis);
    }

    /// <summary>The summary under the names that the reference tools print.</summary>
    internal IEnumerable<(string Name, double Value)> Stats()
    {
        Accuracy all = Report.Overall;
        (string, double)[] precision = [("AP", all.AP), ("AP50", all.AP50), ("AP75", all.AP75), ("APs", all.APSmall), ("APm", all.APMedium), ("APl", all.APLarge)];
        (string, double)[] recall = Lvis is null
            ? [("AR1", all.AR1), ("AR10", all.AR10), ("AR100", all.AR100), ("ARs", all.ARSmall), ("ARm", all.ARMedium), ("ARl", all.ARLarge)]
            : [("APr", Lvis.APRare), ("APc", Lvis.APCommon), ("APf", Lvis.APFrequent), ("AR", all.AR100), ("ARs", all.ARSmall), ("ARm", all.ARMedium), ("ARl", all.ARLarge)];
        return [.. precision, .. recall];
    }
}
