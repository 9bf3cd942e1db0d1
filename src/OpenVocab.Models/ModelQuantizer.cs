using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenVocab.Bundles;
using OpenVocab.Inference;
using OpenVocab.Models.Onnx;
using OpenVocab.Models.Quantization;
using OpenVocab.Prompts;
using OpenVocab.Sources;

namespace OpenVocab.Models;

/// <summary>
/// Makes an 8-bit form of a bundle's detector, by static quantization after training (Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
/// Inference", section 2): activations are rounded to 256 levels, whose range is found on real pictures; weights to 7 or 8 bits with a scale for each channel.
/// </summary>
/// <remarks>Safe for any number of threads that write to different folders.</remarks>
public static class ModelQuantizer
{
    /// <summary>Of every so many pictures one is kept for judging.</summary>
    private const int JudgedShare = 4;

    private const string FileName = "detector.int8.onnx";

    private static readonly CalibrationRule[] s_rules = [CalibrationRule.MinMax, CalibrationRule.Percentile, CalibrationRule.Entropy, CalibrationRule.SquaredError];

    /// <summary>Quantizes.</summary>
    /// <param name="bundle">With a detector of the contract in ARCHITECTURE.md; not changed.</param>
    /// <param name="folder">Where a bundle with both forms is made: a new or empty folder, or an older bundle, which is replaced when the new one is whole.</param>
    /// <param name="sources">Pictures and videos like those of the later use, from <see cref="FrameSources.Find"/>.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="progress">Told after each picture.</param>
    /// <param name="cancellation">Ends it; nothing is left behind.</param>
    /// <returns>What was made, and how far the outputs moved.</returns>
    /// <exception cref="ModelException">The bundle has no such detector, or nothing in it can be quantized.</exception>
    /// <exception cref="SourceException">Fewer than 4 pictures can be read.</exception>
    /// <exception cref="SinkException">The folder cannot be written, or holds something else.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static QuantizedModel Quantize(
        ModelBundle bundle, string folder, IReadOnlyList<SourceReference> sources, QuantizationOptions? options = null, IProgress<QuantizationProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(sources);
        options = (options ?? new()).Validated();
        if (bundle.IsBareFile) { throw new ModelException($"{bundle.Files[0].Path}: this is an ONNX file; a bundle is quantized.", "Make a bundle of the checkpoint first: openvocab models import."); }
        string path = bundle.Require(BundleRoles.Detector).Path;
        using BundleWriter target = new(folder);
        using DetectorModel before = new(path, DeviceSettings.Processor);
        if (before.Signature.Text is not { Type: Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float }) { throw new ModelException($"{path}: the detector has no text input of float32 numbers.", "Quantize a bundle that models import made."); }

        List<string> notes = [];
        Vocabulary vocabulary = VocabularyFor(bundle, options);
        InputPlacement placement = InputPlacement.Choose(bundle.Detector, new(), before.Signature);
        IReadOnlyList<CalibrationFrame> frames = CalibrationFrames.Read(sources, options.Pictures, placement, notes, cancellation);
        CalibrationFrame[] judged = [.. frames.Where((_, i) => i % JudgedShare == 0)], calibrated = [.. frames.Where((_, i) => i % JudgedShare != 0)];

        ModelProto model = OnnxFile.Read(path);
        GraphSimplifier.Run(model);
        GraphIndex index = new(model.Graph);
        Regex? keepFloat = options.KeepFloatPattern();
        QuantizationPlan plan = new(index, keepFloat);
        if (plan.Convolutions.Count == 0) { throw new ModelException($"{path}: no convolution of this network can be quantized.", "Quantize a bundle that models import made."); }
        CalibrationRule[] rules = options.Rule == CalibrationRule.Auto ? s_rules : [options.Rule];
        int done = 0, all = 2 * calibrated.Length + rules.Length;
        IReadOnlyDictionary<string, ActivationHistogram> seen = Calibrator.Run(
            model, plan.MeasuredValues, calibrated, vocabulary.Embeddings.ToArray(), before.Signature, () => progress?.Report(new("Watching the network", ++done, all)), cancellation);

        Dictionary<CalibrationRule, OutputShift> trials = [];
        foreach (CalibrationRule rule in rules)
        {
            string trial = target.PathOf($"{rule}.onnx");
            ModelProto quantized = model.Clone();
            QuantizedGraph.Write(quantized, keepFloat, Ranges(plan, seen, rule), seen, options.WeightBits);
            OnnxFile.Write(quantized, trial);
            using DetectorModel after = new(trial, DeviceSettings.Processor);
            trials[rule] = OutputShift.Measure(before, after, judged, vocabulary.Embeddings.ToArray(), vocabulary.Rows, cancellation);
            progress?.Report(new("Trying ranges", ++done, all));
        }
        CalibrationRule best = trials.MinBy(trial => trial.Value.Cost).Key;
        foreach (CalibrationRule rule in rules)
        {
            if (rule == best) { File.Move(target.PathOf($"{rule}.onnx"), target.PathOf(FileName)); }
            else { File.Delete(target.PathOf($"{rule}.onnx")); }
        }
        Commit(target, bundle, options, best, frames.Count);
        return new(Path.GetFullPath(folder), best, trials, plan.Convolutions.Count, index.Nodes.Count(node => node.OpType == "Conv"), frames.Count, notes);
    }

    private static Vocabulary VocabularyFor(ModelBundle bundle, QuantizationOptions options)
    {
        if (options.Classes is null && bundle.LoadDefaultVocabulary() is { Rows: > 0 } own) { return own; }
        if (options.Classes is null) { throw new PromptException($"{bundle.Name} has no words of its own.", "Say what it shall look for while it is watched: --classes."); }
        using Detector detector = Detector.Load(bundle, new());
        return detector.Encode(options.Classes);
    }

    private static Dictionary<string, ValueRange> Ranges(QuantizationPlan plan, IReadOnlyDictionary<string, ActivationHistogram> seen, CalibrationRule rule)
    {
        // What the contract says of pictures: 0 to 1, in steps of 1/255, which the levels are then exactly.
        Dictionary<string, ValueRange> found = seen.ToDictionary(value => value.Key, value => RangeFinder.Find(rule, value.Value, plan.ActivationBehind(value.Key)), StringComparer.Ordinal);
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (IReadOnlyList<string> group in plan.Joined)
            {
                ValueRange all = new(group.Min(value => found[value].Least), group.Max(value => found[value].Most));
                foreach (string value in group)
                {
                    changed |= found[value] != all;
                    found[value] = all;
                }
            }
        }
        return plan.Values.ToDictionary(value => value, value => plan.IsInput(plan.RangeOf[value]) ? new(0, 1) : found[plan.RangeOf[value]], StringComparer.Ordinal);
    }

    private static void Commit(BundleWriter target, ModelBundle bundle, QuantizationOptions options, CalibrationRule rule, int pictures)
    {
        foreach (BundleFile file in bundle.Files.Where(file => file.Role != BundleRoles.QuantizedDetector)) { target.Copy(file.Role, file.Path); }
        target.Add(BundleRoles.QuantizedDetector, FileName);
        JsonObject json = JsonNode.Parse(File.ReadAllText(Path.Combine(bundle.Folder, ModelBundle.DescriptionFile)))!.AsObject();
        json.Remove("schemaVersion");
        json.Remove("files");
        json["int8"] = new JsonObject { ["weightBits"] = options.WeightBits, ["calibration"] = rule.ToString(), ["pictures"] = pictures };
        target.Commit(json);
    }
}
