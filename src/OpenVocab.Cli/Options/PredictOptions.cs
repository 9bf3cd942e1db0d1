using System.CommandLine;
using OpenVocab.Sinks;

namespace OpenVocab.Cli.Options;

/// <summary>The options of <c>openvocab predict</c>.</summary>
internal sealed class PredictOptions
{
    internal DetectionOptions Detection { get; } = new();

    internal TrackingOptions Tracking { get; } = new();

    internal VerifyOptions Verifying { get; } = new();

    internal Argument<string[]> Sources { get; } = new("source")
    {
        Description = "Pictures, videos, folders, patterns (\"*.jpg\", \"**/*.mp4\"), list files (.txt, a path a line), - for a picture on standard input, a camera's number, the address of a stream (http, rtsp …; to its end).",
        Arity = ArgumentArity.OneOrMore,
    };

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
        UnknownOptions.Refuse(command, Sources);
        command.Arguments.Add(Sources);
        Detection.AddTo(command);
        Tracking.AddTo(command);
        Verifying.AddTo(command);
        foreach (Option option in (Option[])[Stride, MaxPixels, SaveDir, Format, JsonLines, SaveText, SaveConfidence, SaveCrops, SaveJson, Show, Quiet]) { command.Options.Add(option); }
    }

    internal Sources.SourceOptions ReadSourceOptions(ParseResult parsed) => new()
    {
        // Here a stream is a file that lies elsewhere: all its frames, and an end. "openvocab live" keeps it alive.
        Live = null,
        FrameStride = OptionRange.Check("--vid-stride", parsed.GetValue(Stride), 1, 10_000),
        Limits = parsed.GetValue(MaxPixels) is { } pixels
            ? new() { MaxPixels = pixels is >= 1 and <= 1_000_000_000 ? pixels : throw OptionRange.Error("--max-pixels", pixels, 1, 1_000_000_000) }
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
}
