using OpenVocab;
using OpenVocab.Evaluation;
using OpenVocab.Pipelines;

LabelledDataset data = Dataset.Open(args[0]);       // COCO's .json, YOLO's data.yaml, a folder of Pascal VOC
using var detector = Detector.Load(new DetectorOptions { MinScore = 0.001f, MultiLabel = true, IouThreshold = 0.7 });
detector.SetClasses(DatasetPrompts.Of(data));       // each class by its name

using EvaluationSink found = new(data);
await Pipeline.From(data.Images.Select(image => image.Path)).Detect(detector).To(found).RunAsync();

// Boxes of another detector go in as well: a ScoredBox each.
EvaluationReport report = CocoEvaluator.Evaluate(data, found.Detections);
Console.WriteLine($"AP {report.Overall.AP:0.000}, AP50 {report.Overall.AP50:0.000}, AR100 {report.Overall.AR100:0.000}");
foreach ((DatasetClass each, ClassEvaluation accuracy) in data.Classes.Zip(report.Classes))
{
    if (accuracy.Boxes > 0) { Console.WriteLine($"{each.Name}: {accuracy.Boxes} boxes, AP50 {accuracy.Accuracy.AP50:0.000}, best threshold {accuracy.Best?.Threshold:0.00}"); }
}
