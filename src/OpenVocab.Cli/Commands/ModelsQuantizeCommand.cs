using System.CommandLine;
using OpenVocab.Bundles;
using OpenVocab.Cli.Evaluating;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Evaluation;
using OpenVocab.Inference;
using OpenVocab.Models;
using OpenVocab.Models.Quantization;
using OpenVocab.Prompts;
using OpenVocab.Sources;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab models quantize</c>: a bundle gets an 8-bit form of its detector, and a person learns what that costs.</summary>
internal static class ModelsQuantizeCommand
{
    private static readonly Dictionary<string, CalibrationRule> s_rules = new()
    {
        ["auto"] = CalibrationRule.Auto, ["minmax"] = CalibrationRule.MinMax, ["percentile"] = CalibrationRule.Percentile, ["entropy"] = CalibrationRule.Entropy, ["error"] = CalibrationRule.SquaredError,
    };

    internal static Command Create()
    {
        Argument<string> bundle = new("BUNDLE") { Description = "The bundle, or the name of a model that was pulled; \"default\" is the one that comes with OpenVocab." };
        Option<string> output = new("--output", "-o") { Description = "The new bundle's folder: both forms of the detector lie in it.", HelpName = "DIR", Required = true };
        Option<string[]> images = new("--images") { Description = "Pictures or videos like those of the later use; about 100 pictures are enough.", HelpName = "FOLDER|VIDEO", Required = true, AllowMultipleArgumentsPerToken = true };
        Option<int> pictures = new("--pictures") { Description = "At most so many pictures are looked at, 4 to 2000.", DefaultValueFactory = _ => 128, HelpName = "N" };
        Option<string> rule = new("--calibration") { Description = "How ranges are found: minmax, percentile, entropy, error (least squared error), or auto: whichever moves the outputs least.", DefaultValueFactory = _ => "auto" };
        rule.AcceptOnlyFromAmong([.. s_rules.Keys]);
        Option<int> bits = new("--weight-bits") { Description = "8, or 7 for x86 processors without VNNI.", DefaultValueFactory = _ => 8, HelpName = "N" };
        Option<string?> keepFloat = new("--keep-float") { Description = "Regular expression: convolutions whose names it fits stay float.", HelpName = "PATTERN" };
        Option<string?> classes = new("--classes") { Description = "What the detector looks for meanwhile. Default: the bundle's own words.", HelpName = "WORDS" };
        Option<string?> data = new("--data") { Description = "Labelled pictures (as for openvocab val): measures the accuracy of both forms.", HelpName = "DATA" };
        Command command = new("quantize", "Makes an 8-bit form of a detector, about twice as fast on a processor, and says how far its outputs moved.") { bundle, output, images, pictures, rule, bits, keepFloat, classes, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            LabelledDataset? dataset = parsed.GetValue(data) is { } path ? Dataset.Open(path, new DatasetOptions()) : null;
            QuantizationOptions options = new()
            {
                Pictures = OptionRange.Check("--pictures", parsed.GetValue(pictures), 4, 2000), WeightBits = OptionRange.Check("--weight-bits", parsed.GetValue(bits), 7, 8), Rule = s_rules[parsed.GetRequiredValue(rule)],
                KeepFloat = parsed.GetValue(keepFloat), Classes = parsed.GetValue(classes) is { } words ? PromptSet.Parse(words) : null,
            };
            string name = parsed.GetRequiredValue(bundle), folder = parsed.GetRequiredValue(output);
            SourceReference[] sources = [.. parsed.GetRequiredValue(images).SelectMany(FrameSources.Find)];
            ModelBundle from = name == "default" ? ModelBundle.OpenDefault() : ModelBundle.Open(PulledModels.Resolve(name));
            QuantizedModel made = await Screen.Error.Progress().AutoClear(true).StartAsync(context =>
            {
                ProgressTask task = context.AddTask("Reading pictures");
                return Task.Run(() => ModelQuantizer.Quantize(from, folder, sources, options, new Bar(task), cancellation), cancellation);
            });
            TextWriter error = parsed.InvocationConfiguration.Error;
            Print(made, from, error);
            return dataset is null ? ExitCodes.Success : await MeasureAsync(made.Folder, dataset, error, cancellation);
        });
        return command;
    }

    private static void Print(QuantizedModel made, ModelBundle from, TextWriter error)
    {
        foreach (string note in made.Notes) { error.WriteLine($"note: {note}"); }
        error.WriteLine($"{made.Convolutions} of {made.AllConvolutions} convolutions in 8 bits, ranges from {made.Pictures} pictures, a quarter of which only judged:");
        foreach ((CalibrationRule rule, OutputShift shift) in made.Trials.OrderBy(trial => trial.Key))
        {
            string name = s_rules.First(known => known.Value == rule).Key;
            error.WriteLine(Invariant($"  {name,-10} scores moved by {shift.MeanScore:0.0000} (at most {shift.LargestScore:0.000}), boxes overlap by {shift.MeanOverlap:0.0000}{(rule == made.Rule ? "  <- kept" : "")}"));
        }
        FileInfo before = new(from.Require(BundleRoles.Detector).Path), after = new(ModelBundle.Open(made.Folder).Require(BundleRoles.QuantizedDetector).Path);
        error.WriteLine(Invariant($"Made {made.Folder}: the detector has {before.Length / 1e6:0.00} MB, its 8-bit form {after.Length / 1e6:0.00} MB. --precision chooses."));
    }

    private static async Task<int> MeasureAsync(string folder, LabelledDataset dataset, TextWriter error, CancellationToken cancellation)
    {
        PromptSet prompts = DatasetPrompts.Of(dataset, null, null);
        LabelledPictures.ReportMissing(dataset);
        AccuracyTable.PrintProblems(dataset.Problems);
        double[] before = [];
        foreach (ExecutionPrecision precision in (ExecutionPrecision[])[ExecutionPrecision.Full, ExecutionPrecision.Quantized])
        {
            DetectorOptions options = new() { MinScore = ValOptions.LeastScore, IouThreshold = ValOptions.Overlap, MultiLabel = true, Precision = precision };
            using Detector detector = Detector.Load(folder, DetectionOptions.ForFiles(options, LabelledPictures.SourcesOf(dataset)), prompts);
            LabelledPictures pictures = new(detector, dataset, quiet: true);
            if (await pictures.DetectAsync(cancellation) is not { } detections) { return ExitCodes.Interrupted; }
            double[] stats = [.. Measurement.Of(pictures.Dataset, detections, EvaluationRules.Coco, 0).Stats().Take(2).Select(stat => stat.Value)];
            string moved = before.Length == 0 ? "" : Invariant($"  ({stats[0] - before[0]:+0.0000;-0.0000} and {stats[1] - before[1]:+0.0000;-0.0000})");
            error.WriteLine(Invariant($"{DetectionOptions.NameOf(precision)}  AP {stats[0]:0.0000}  AP50 {stats[1]:0.0000}{moved}"));
            before = stats;
        }
        return ExitCodes.Success;
    }

    private sealed class Bar(ProgressTask task) : IProgress<QuantizationProgress>
    {
        public void Report(QuantizationProgress value) => (task.Description, task.MaxValue, task.Value) = (value.Step, value.All, value.Done);
    }
}
