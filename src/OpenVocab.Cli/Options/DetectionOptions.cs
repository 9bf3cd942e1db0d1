using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using OpenVocab.Imaging;
using OpenVocab.Inference;
using OpenVocab.Models;
using OpenVocab.Prompts;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Options;

/// <summary>Words, model and thresholds: the options of every command that detects. Their names are Ultralytics' where they mean the same.</summary>
internal sealed class DetectionOptions
{
    internal Option<string?> Classes { get; } = new("--classes")
    {
        Description = "What to look for, between commas: \"person, red backpack\". A colon sets a threshold: \"person:0.4, dog\". Default: the model's own vocabulary.",
        HelpName = "WORDS",
    };

    internal Option<string?> ClassesFile { get; } = new("--classes-file") { Description = "The same from a file: a class a line, or YAML with synonyms, background and groups.", HelpName = "FILE" };

    internal Option<string?> Model { get; } = new("--model") { Description = "Folder of a model bundle, an ONNX file, or the name of a model that was pulled. Default: the one that comes with OpenVocab.", HelpName = "MODEL" };

    internal Option<string?> TextEncoder { get; } = new("--text-encoder") { Description = "Bundle, or name of a pulled model, whose text encoder embeds the words, for a model that has none. Default: the model's own.", HelpName = "BUNDLE" };

    internal Option<float?> Confidence { get; } = new("--conf") { Description = "Scores must be greater, 0 to 1. Default: the model's (0.25).", HelpName = "SCORE" };

    internal Option<double?> Iou { get; } = new("--iou") { Description = "Overlap above which the weaker of two boxes goes, 0 to 1. Default: the model's (0.5 for the one that comes with OpenVocab).", HelpName = "IOU" };

    internal Option<InputSize?> ImageSize { get; } = new("--imgsz")
    {
        Description = "Input size of the network: a number, or HEIGHT,WIDTH. Default: the model's (512).",
        HelpName = "SIZE",
        CustomParser = ParseSize,
    };

    internal Option<bool?> Rectangle { get; } = new("--rect") { Description = "Border only up to the next multiple of 32: faster for pictures that are not square. Default: the model's.", Arity = ArgumentArity.ZeroOrOne };

    internal Option<int> MaxDetections { get; } = new("--max-det") { Description = "The most detections of a picture, 1 to 30000.", DefaultValueFactory = _ => 300, HelpName = "N" };

    internal Option<bool> Agnostic { get; } = new("--agnostic-nms") { Description = "Boxes of different classes suppress each other, too." };

    internal Option<string> Device { get; } = NewDevice();

    internal Option<string> Precision { get; } = NewPrecision();

    internal Option<int> Gpu { get; } = new("--gpu") { Description = "Number of the graphics card, where there are several.", DefaultValueFactory = _ => 0, HelpName = "N" };

    internal Option<bool> Half { get; } = new("--half") { Description = "With --device tensorrt: compute with half precision." };

    internal Option<int> Threads { get; } = new("--threads") { Description = "Cores that the network may use; 0: all.", DefaultValueFactory = _ => 0, HelpName = "N" };

    internal Option<int?> BatchSize { get; } = new("--batch") { Description = "Pictures of several sources that go through the network together, 1 to 64. Default: 8 on a graphics card, 1 on a processor.", HelpName = "N" };

    /// <param name="command">Gets the options.</param>
    /// <param name="oneOfWords">Whether the words stand in one of two places; false where a file says more of them.</param>
    internal void AddTo(Command command, bool oneOfWords = true)
    {
        foreach (Option option in (Option[])[Classes, ClassesFile, Model, TextEncoder, Confidence, Iou, ImageSize, Rectangle, MaxDetections, Agnostic, Device, Precision, Gpu, Half, Threads, BatchSize]) { command.Options.Add(option); }
        command.Validators.Add(result =>
        {
            if (oneOfWords && result.GetResult(Classes) is not null && result.GetResult(ClassesFile) is not null) { result.AddError("--classes and --classes-file exclude each other: give one of them."); }
        });
    }

    /// <summary>The model and how it runs, without words and scores.</summary>
    internal void AddModelTo(Command command)
    {
        foreach (Option option in (Option[])[Model, TextEncoder, Iou, ImageSize, Rectangle, MaxDetections, Device, Precision, Gpu, Half, Threads, BatchSize]) { command.Options.Add(option); }
    }

    /// <summary>The words that were given, or null for the model's own.</summary>
    internal PromptSet? ReadPrompts(ParseResult parsed) =>
        parsed.GetValue(Classes) is { } words ? PromptSet.Parse(words)
        : parsed.GetValue(ClassesFile) is { } file ? PromptFile.Read(file)
        : null;

    internal DetectorOptions ReadDetectorOptions(ParseResult parsed) => new()
    {
        MinScore = OptionRange.Check("--conf", parsed.GetValue(Confidence)),
        IouThreshold = OptionRange.Check("--iou", parsed.GetValue(Iou)),
        ImageSize = parsed.GetValue(ImageSize),
        MinimalRectangle = parsed.GetResult(Rectangle) is null ? null : parsed.GetValue(Rectangle) ?? true,
        MaxDetections = OptionRange.Check("--max-det", parsed.GetValue(MaxDetections), 1, 30_000),
        TextEncoder = parsed.GetValue(TextEncoder) is { } encoder ? PulledModels.Resolve(encoder) : null,
        AgnosticNms = parsed.GetValue(Agnostic),
        BatchSize = parsed.GetValue(BatchSize) is { } batch ? OptionRange.Check("--batch", batch, 1, 64) : null,
        Threads = OptionRange.Check("--threads", parsed.GetValue(Threads), 0, 256),
        Device = ToDevice(parsed.GetValue(Device)),
        Precision = ToPrecision(parsed.GetValue(Precision)),
        GpuId = OptionRange.Check("--gpu", parsed.GetValue(Gpu), 0, 63),
        HalfPrecision = parsed.GetValue(Half) && ToDevice(parsed.GetValue(Device)) != ExecutionDevice.TensorRt
            ? throw new ArgumentException($"--half is for --device tensorrt; the device is {parsed.GetValue(Device)}.") : parsed.GetValue(Half),
    };

    /// <summary>The options for a run over files: where there is more than one frame, the cores look at a frame each.</summary>
    internal static DetectorOptions ForFiles(DetectorOptions options, IReadOnlyList<SourceReference> sources) => sources.Count > 1 || sources.Any(source => source.Kind == SourceKind.Video)
        ? options with { ParallelFrames = options.Threads > 0 ? options.Threads : Environment.ProcessorCount }
        : options;

    internal static Option<string> NewDevice()
    {
        Option<string> device = new("--device") { Description = "auto, cpu, cuda or tensorrt. cuda and tensorrt fail where they cannot be had.", DefaultValueFactory = _ => "auto" };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda", "tensorrt");
        return device;
    }

    internal static Option<string> NewPrecision()
    {
        Option<string> precision = new("--precision") { Description = "fp32, int8 or auto: 8-bit numbers, about twice as fast, where the model has them and the processor is made for it.", DefaultValueFactory = _ => "auto" };
        precision.AcceptOnlyFromAmong("auto", "fp32", "int8");
        return precision;
    }

    internal static ExecutionPrecision ToPrecision(string? name) => name switch { "fp32" => ExecutionPrecision.Full, "int8" => ExecutionPrecision.Quantized, _ => ExecutionPrecision.Auto };

    internal static string NameOf(ExecutionPrecision precision) => precision switch { ExecutionPrecision.Full => "fp32", ExecutionPrecision.Quantized => "int8", _ => "auto" };

    internal static ExecutionDevice ToDevice(string? name) => name switch { "cpu" => ExecutionDevice.Cpu, "cuda" => ExecutionDevice.Cuda, "tensorrt" => ExecutionDevice.TensorRt, _ => ExecutionDevice.Auto };

    /// <summary>Loads the model and puts the words in force.</summary>
    internal Detector Open(ParseResult parsed, DetectorOptions options, PromptSet? prompts) => Detector.Load(ReadModel(parsed), options, prompts);

    /// <summary>Path of the model, or null for the one that comes with OpenVocab.</summary>
    internal string? ReadModel(ParseResult parsed) => parsed.GetValue(Model) is { } model ? PulledModels.Resolve(model) : null;

    private static InputSize? ParseSize(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        string[] parts = text.Split(',', 'x');
        List<int> sides = [];
        foreach (string part in parts)
        {
            if (int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side is >= 32 and <= 4096) { sides.Add(side); }
        }
        if (sides.Count == parts.Length && parts.Length is 1 or 2) { return new InputSize(sides[0], sides[^1]); }
        result.AddError($"--imgsz: \"{text}\" is no size; give a number, or HEIGHT,WIDTH, each between 32 and 4096.");
        return null;
    }
}
