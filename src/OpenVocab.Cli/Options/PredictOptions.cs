using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using OpenVocab.Imaging;
using OpenVocab.Inference;
using OpenVocab.Prompts;
using OpenVocab.Sinks;

namespace OpenVocab.Cli.Options;

/// <summary>The options of <c>openvocab predict</c>: their names are Ultralytics' where they mean the same.</summary>
internal sealed class PredictOptions
{
    internal Argument<string[]> Sources { get; } = new("source")
    {
        Description = "Pictures, videos, folders, patterns (\"*.jpg\", \"**/*.mp4\"), list files (.txt, a path a line), - for a picture on standard input, a camera's number.",
        Arity = ArgumentArity.OneOrMore,
    };

    internal Option<string?> Classes { get; } = new("--classes")
    {
        Description = "What to look for, between commas: \"person, red backpack\". A colon sets a threshold: \"person:0.4, dog\". Default: the model's own vocabulary.",
        HelpName = "WORDS",
    };

    internal Option<string?> ClassesFile { get; } = new("--classes-file") { Description = "The same from a file: a class a line, or YAML with synonyms, background and groups.", HelpName = "FILE" };

    internal Option<string?> Model { get; } = new("--model") { Description = "Folder of a model bundle. Default: the one that comes with OpenVocab.", HelpName = "FOLDER" };

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

    internal Option<string> Device { get; } = new("--device") { Description = "auto, cpu, cuda or tensorrt. cuda and tensorrt fail where they cannot be had.", DefaultValueFactory = _ => "auto" };

    internal Option<int> Threads { get; } = new("--threads") { Description = "Threads inside the network; 0: one for each core.", DefaultValueFactory = _ => 0, HelpName = "N" };

    internal Option<int> Stride { get; } = new("--vid-stride") { Description = "Of every so many frames of a video use the last.", DefaultValueFactory = _ => 1, HelpName = "N" };

    internal Option<long?> MaxPixels { get; } = new("--max-pixels") { Description = "Allow pictures with more pixels than 50000000.", HelpName = "N" };

    internal Option<string?> SaveDir { get; } = new("--save-dir") { Description = "Folder for the results. Default: runs/predict/1, 2, 3 …", HelpName = "FOLDER" };

    internal Option<string?> Format { get; } = new("--format")
    {
        Description = $"What to write, between commas: {string.Join(", ", ResultFormats.Names)}. Default: annotated,jsonl.",
        HelpName = "FORMATS",
    };

    internal Option<string?> JsonLines { get; } = new("--jsonl") { Description = "File for the JSON lines; - for standard output, and then no other files unless asked for.", HelpName = "FILE" };

    internal Option<bool> SaveText { get; } = new("--save-txt") { Description = "Also write YOLO labels (format yolo)." };

    internal Option<bool> SaveConfidence { get; } = new("--save-conf") { Description = "Scores in the YOLO labels." };

    internal Option<bool> SaveCrops { get; } = new("--save-crop") { Description = "Also cut the detections out (format crops)." };

    internal Option<bool> SaveJson { get; } = new("--save-json") { Description = "Also write COCO results (format coco)." };

    internal Option<bool> Show { get; } = new("--show") { Description = "Show the frames in a window; q ends the run." };

    internal Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No progress and no summary; errors only." };

    internal void AddTo(Command command)
    {
        Device.AcceptOnlyFromAmong("auto", "cpu", "cuda", "tensorrt");
        // What begins with a dash and is no option would be taken for a source: "there is no such file --colour" helps nobody.
        Sources.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens)
            {
                if (token.Value.Length > 1 && token.Value[0] == '-' && !File.Exists(token.Value)) { result.AddError($"There is no option {token.Value}."); }
            }
        });
        command.Arguments.Add(Sources);
        foreach (Option option in (Option[])
            [Classes, ClassesFile, Model, Confidence, Iou, ImageSize, Rectangle, MaxDetections, Agnostic, Device, Threads, Stride, MaxPixels, SaveDir, Format,
             JsonLines, SaveText, SaveConfidence, SaveCrops, SaveJson, Show, Quiet])
        {
            command.Options.Add(option);
        }
        command.Validators.Add(result =>
        {
            if (result.GetResult(Classes) is not null && result.GetResult(ClassesFile) is not null) { result.AddError("--classes and --classes-file exclude each other: give one of them."); }
        });
    }

    /// <summary>The words that were given, or null for the model's own.</summary>
    internal PromptSet? ReadPrompts(ParseResult parsed) =>
        parsed.GetValue(Classes) is { } words ? PromptSet.Parse(words)
        : parsed.GetValue(ClassesFile) is { } file ? PromptFile.Read(file)
        : null;

    internal DetectorOptions ReadDetectorOptions(ParseResult parsed) => new()
    {
        MinScore = InRange("--conf", parsed.GetValue(Confidence)),
        IouThreshold = InRange("--iou", parsed.GetValue(Iou)),
        ImageSize = parsed.GetValue(ImageSize),
        MinimalRectangle = parsed.GetResult(Rectangle) is null ? null : parsed.GetValue(Rectangle) ?? true,
        MaxDetections = InRange("--max-det", parsed.GetValue(MaxDetections), 1, 30_000),
        AgnosticNms = parsed.GetValue(Agnostic),
        Threads = InRange("--threads", parsed.GetValue(Threads), 0, 256),
        Device = parsed.GetValue(Device) switch { "cpu" => ExecutionDevice.Cpu, "cuda" => ExecutionDevice.Cuda, "tensorrt" => ExecutionDevice.TensorRt, _ => ExecutionDevice.Auto },
    };

    internal Sources.SourceOptions ReadSourceOptions(ParseResult parsed) => new()
    {
        FrameStride = InRange("--vid-stride", parsed.GetValue(Stride), 1, 10_000),
        Limits = parsed.GetValue(MaxPixels) is { } pixels
            ? new() { MaxPixels = pixels is >= 1 and <= 1_000_000_000 ? pixels : throw OutOfRange("--max-pixels", pixels, 1, 1_000_000_000) }
            : new(),
    };

    /// <summary>The output formats that were asked for, each once.</summary>
    internal IReadOnlyList<string> ReadFormats(ParseResult parsed)
    {
        string? line = parsed.GetValue(Format);
        bool streaming = parsed.GetValue(JsonLines) == "-";
        List<string> formats = line is null
            ? streaming ? [] : ["annotated", "jsonl"]
            : [.. line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        foreach (string format in formats)
        {
            if (!ResultFormats.Names.Contains(format))
            {
                throw new ArgumentException($"--format: \"{format}\" is no output format; there are {string.Join(", ", ResultFormats.Names)}.");
            }
        }
        if (parsed.GetValue(SaveText)) { formats.Add("yolo"); }
        if (parsed.GetValue(SaveCrops)) { formats.Add("crops"); }
        if (parsed.GetValue(SaveJson)) { formats.Add("coco"); }
        // A file of one's own, or standard output, takes the place of the one in the folder.
        if (parsed.GetValue(JsonLines) is not null) { formats.Remove("jsonl"); }
        return [.. formats.Distinct()];
    }

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

    private static float? InRange(string name, float? value) => value is null or (>= 0 and <= 1) ? value : throw OutOfRange(name, value.Value, 0, 1);

    private static double? InRange(string name, double? value) => value is null or (>= 0 and <= 1) ? value : throw OutOfRange(name, value.Value, 0, 1);

    private static int InRange(string name, int value, int least, int most) => value >= least && value <= most ? value : throw OutOfRange(name, value, least, most);

    private static ArgumentException OutOfRange<T>(string name, T value, long least, long most) =>
        new(FormattableString.Invariant($"{name} is {value}; it must lie between {least} and {most}."));
}
