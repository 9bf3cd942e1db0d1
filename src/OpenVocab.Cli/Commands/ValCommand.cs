using System.CommandLine;
using OpenVocab.Bundles;
using OpenVocab.Cli.Evaluating;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Evaluation;
using OpenVocab.Prompts;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab val</c>: how good a model is on labelled pictures, or detections that exist are, by the rules of the reference tools.</summary>
internal static class ValCommand
{
    internal static Command Create()
    {
        ValOptions options = new();
        Command command = new("val", "Measures accuracy on labelled pictures (COCO, LVIS, YOLO, Pascal VOC) as the reference tools do.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => parsed.GetValue(options.Data) is null ? Task.FromResult(MeasureFiles(options, parsed)) : MeasureModelAsync(options, parsed, cancellation));
        return command;
    }

    private static int MeasureFiles(ValOptions options, ParseResult parsed)
    {
        LabelledDataset dataset = Dataset.Open(parsed.GetValue(options.Annotations)!, options.ReadDatasetOptions(parsed));
        if (options.ReadClasses(parsed) is { } names) { dataset = dataset.Only(names); }
        AccuracyTable.PrintDataset(dataset, options.ReadRules(parsed), parsed.GetValue(options.Quiet));
        IReadOnlyList<ScoredBox> detections = CocoDetections.Read(parsed.GetValue(options.Detections)!, dataset, dataset.Problems);
        CheckProblems(options, parsed, dataset);
        Measurement measured = Measurement.Of(dataset, detections, options.ReadRules(parsed), options.ReadPerClass(parsed));
        Tell(options, parsed, measured, null);
        if (parsed.GetValue(options.SaveDir) is { } folder) { ResultFolder.Write(folder, measured, [], null, null, DetectorSettings.Usual.ScoreThreshold); }
        return ExitCodes.Success;
    }

    private static async Task<int> MeasureModelAsync(ValOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        // Everything that can be wrong is looked at before anything slow begins.
        DetectorOptions detectorOptions = options.ReadDetectorOptions(parsed);
        (EvaluationRules rules, int perClass) = (options.ReadRules(parsed), options.ReadPerClass(parsed));
        LabelledDataset dataset = Dataset.Open(parsed.GetValue(options.Data)!, options.ReadDatasetOptions(parsed));
        PromptSet prompts = DatasetPrompts.Of(dataset, options.ReadMapping(parsed), options.ReadTemplates(parsed));
        if (options.ReadClasses(parsed) is { } names)
        {
            prompts = new(names.Select(name => prompts.Classes[dataset.IndexOf(name)]), prompts.Background, prompts.Templates);
            dataset = dataset.Only(names);
        }
        AccuracyTable.PrintDataset(dataset, options.ReadRules(parsed), parsed.GetValue(options.Quiet));
        LabelledPictures.ReportMissing(dataset);
        CheckProblems(options, parsed, dataset);

        bool quiet = parsed.GetValue(options.Quiet);
        using Detector detector = options.Detection.Open(parsed, DetectionOptions.ForFiles(detectorOptions, LabelledPictures.SourcesOf(dataset)), prompts);
        RunReport.PrintNotices(detector);
        if (!quiet) { RunReport.PrintStart(detector); }
        LabelledPictures pictures = new(detector, dataset, quiet);
        if (await pictures.DetectAsync(cancellation) is not { } detections) { return Interrupted(); }
        Measurement measured = Measurement.Of(pictures.Dataset, detections, rules, perClass);
        PromptsAudit? audit = null;
        if (parsed.GetValue(options.Audit))
        {
            audit = await PromptsAudit.RunAsync(pictures, prompts, options.ReadAbsent(parsed), detector.Bundle.Detector.ScoreThreshold, cancellation);
            if (audit is null) { return Interrupted(); }
        }
        Tell(options, parsed, measured, audit);
        string folder = parsed.GetValue(options.SaveDir) ?? RunFolder.Next(Path.Combine("runs", "val"));
        IReadOnlyList<string> files = ResultFolder.Write(folder, measured, pictures.Circumstances, prompts, audit, detector.Bundle.Detector.ScoreThreshold);
        if (!quiet) { RunReport.PrintFiles(files); }
        return pictures.AnyFailed ? ExitCodes.SomeInputsFailed : ExitCodes.Success;
    }

    private static int Interrupted()
    {
        Screen.Error.WriteLine("Interrupted: nothing was measured, and nothing was written.");
        return ExitCodes.Interrupted;
    }

    private static void CheckProblems(ValOptions options, ParseResult parsed, LabelledDataset dataset)
    {
        AccuracyTable.PrintProblems(dataset.Problems);
        if (dataset.Problems.Count > 0 && parsed.GetValue(options.Strict))
        {
            throw new SourceException(SourceFault.Damaged, $"{dataset.Name}: {dataset.Problems.Count} things are wrong with the data, and --strict refuses that.", "Correct the data, or leave --strict out.");
        }
    }

    private static void Tell(ValOptions options, ParseResult parsed, Measurement measured, PromptsAudit? audit)
    {
        if (!parsed.GetValue(options.Quiet))
        {
            AccuracyTable.Print(measured);
            if (audit is not null) { AuditTable.Print(audit); }
        }
        if (parsed.GetValue(options.Json)) { parsed.InvocationConfiguration.Output.WriteLine(MeasurementJson.Line(measured, audit)); }
    }
}
