using System.CommandLine;
using OpenVocab.Evaluation;
using OpenVocab.Prompts;

namespace OpenVocab.Cli.Options;

/// <summary>By which rules accuracy is measured.</summary>
internal enum EvaluationRules
{
    Coco,
    Lvis,
    LvisFixed,
}

/// <summary>The options of <c>openvocab val</c>.</summary>
internal sealed class ValOptions
{
    /// <summary>As the reference tools validate: a curve needs weak detections, too.</summary>
    internal const float LeastScore = 0.001f;

    /// <summary>As the reference tools suppress.</summary>
    internal const double Overlap = 0.7;

    internal ValOptions()
    {
        Detection.Classes.Description = "Measure these classes of the data only, between commas. Default: all of them.";
        Detection.ClassesFile.Description = "Prompt file with other phrases for classes of the data, by their names. Classes that it does not name are their own prompts.";
        Detection.Confidence.Description = "Scores must be greater, 0 to 1. Default: 0.001, because a curve needs weak detections, too.";
        Detection.Iou.Description = "Overlap above which the weaker of two boxes of a class goes, 0 to 1. Default: 0.7, as the reference tools have it.";
    }

    internal DetectionOptions Detection { get; } = new();

    internal Option<string?> Data { get; } = new("--data")
    {
        Description = "Labelled pictures: a COCO file (.json), a YOLO data.yaml or its folder, a folder in Pascal VOC's or COCO's layout.",
        HelpName = "DATA",
    };

    internal Option<string> Split { get; } = new("--split") { Description = "Part of the data: train, val, test, or what its files call it.", DefaultValueFactory = _ => "val", HelpName = "NAME" };

    internal Option<string?> Images { get; } = new("--images") { Description = "Folder that the pictures' names are relative to. Default: the folder of the COCO file, or what the format says.", HelpName = "FOLDER" };

    internal Option<string?> Annotations { get; } = new("--annotations") { Description = "Labels in COCO's form, to measure detections that exist already; no model runs.", HelpName = "FILE" };

    internal Option<string?> Detections { get; } = new("--detections") { Description = "The detections for --annotations: a list of {\"image_id\", \"category_id\", \"bbox\", \"score\"}.", HelpName = "FILE" };

    internal Option<string[]> Templates { get; } = new("--template") { Description = "Sentence around each prompt, with one {}; several are averaged. Default: the model's.", HelpName = "TEXT", Arity = ArgumentArity.OneOrMore };

    internal Option<string> Rules { get; } = new("--rules") { Description = "coco; lvis (federated, the best 300 of a picture); lvis-fixed (federated, the best of a class over all pictures).", DefaultValueFactory = _ => "coco" };

    internal Option<int> PerClass { get; } = new("--per-class") { Description = "How many detections of a class lvis-fixed looks at.", DefaultValueFactory = _ => 10_000, HelpName = "N" };

    internal Option<string?> Difficult { get; } = new("--difficult") { Description = "Boxes marked as difficult: ignore (neither to be found nor a mistake), or count. Default: ignore with --data, count with --annotations, as pycocotools does.", HelpName = "HOW" };

    internal Option<string> IdZero { get; } = new("--id-zero") { Description = "The annotation with id 0: uncredited (as pycocotools has it), or count, as any other.", DefaultValueFactory = _ => "uncredited", HelpName = "HOW" };

    internal Option<bool> ZeroBased { get; } = new("--zero-based") { Description = "Pascal VOC files whose pixels count from 0 with the right and lower edge outside, as labelImg writes them; the original data count from 1." };

    internal Option<bool> Strict { get; } = new("--strict") { Description = "Refuse data in which anything is wrong, before a model runs." };

    internal Option<bool> Audit { get; } = new("--prompts-audit") { Description = "Measure the prompts: which of the phrases of each class finds it best, and what is found for words that are not in the pictures." };

    internal Option<string?> Absent { get; } = new("--absent") { Description = "With --prompts-audit: file with words that are not in the pictures, one a line. Default: 100 that come with OpenVocab.", HelpName = "FILE" };

    internal Option<string?> SaveDir { get; } = new("--save-dir") { Description = "Folder for the results. Default: runs/val/1, 2, 3 …; with --annotations nothing is written without it.", HelpName = "FOLDER" };

    internal Option<bool> Json { get; } = new("--json") { Description = "Print the numbers as JSON to standard output." };

    internal Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No progress and no tables; errors and warnings only." };

    internal void AddTo(Command command)
    {
        Rules.AcceptOnlyFromAmong("coco", "lvis", "lvis-fixed");
        Difficult.AcceptOnlyFromAmong("ignore", "count");
        IdZero.AcceptOnlyFromAmong("uncredited", "count");
        foreach (Option option in (Option[])[Data, Split, Images, Annotations, Detections, Templates, Rules, PerClass, Difficult, IdZero, ZeroBased, Strict, Audit, Absent, SaveDir, Json, Quiet]) { command.Options.Add(option); }
        Detection.AddTo(command, oneOfWords: false);
        command.Validators.Add(result =>
        {
            bool data = result.GetResult(Data) is not null, labels = result.GetResult(Annotations) is not null, found = result.GetResult(Detections) is not null;
            if (data == (labels || found)) { result.AddError(data ? "--data measures a model, --annotations and --detections measure files: give one or the other." : "Nothing to measure is given: --data DATA, or --annotations FILE and --detections FILE."); }
            else if (labels != found) { result.AddError($"{(labels ? "--detections" : "--annotations")} is missing: labels and detections are compared with each other."); }
            if (!data && result.GetValue(Audit)) { result.AddError("--prompts-audit needs --data: it runs the model."); }
            if (result.GetResult(Absent) is not null && !result.GetValue(Audit)) { result.AddError("--absent belongs to --prompts-audit."); }
        });
    }

    internal EvaluationRules ReadRules(ParseResult parsed) => parsed.GetValue(Rules) switch { "lvis" => EvaluationRules.Lvis, "lvis-fixed" => EvaluationRules.LvisFixed, _ => EvaluationRules.Coco };

    internal DatasetOptions ReadDatasetOptions(ParseResult parsed)
    {
        bool ofModel = parsed.GetValue(Data) is not null;
        return new()
        {
            Split = parsed.GetRequiredValue(Split),
            ImageFolder = parsed.GetValue(Images),
            OneBased = !parsed.GetValue(ZeroBased),
            // Files are measured as pycocotools measures them: it knows neither mark.
            IgnoreDifficult = parsed.GetValue(Difficult) is { } how ? how == "ignore" : ofModel,
            OnlyExhaustive = ofModel,
            HonourIgnore = ReadRules(parsed) != EvaluationRules.Coco,
            UncreditIdZero = parsed.GetValue(IdZero) != "count",
        };
    }

    internal DetectorOptions ReadDetectorOptions(ParseResult parsed)
    {
        DetectorOptions given = Detection.ReadDetectorOptions(parsed);
        return given with { MinScore = given.MinScore ?? LeastScore, IouThreshold = given.IouThreshold ?? Overlap, MultiLabel = true };
    }

    internal int ReadPerClass(ParseResult parsed) => OptionRange.Check("--per-class", parsed.GetValue(PerClass), 1, 1_000_000);

    /// <summary>The classes to be measured, or null for all.</summary>
    internal IReadOnlyList<string>? ReadClasses(ParseResult parsed) => parsed.GetValue(Detection.Classes) is { } names ? [.. PromptSet.Parse(names).Classes.Select(each => each.Name)] : null;

    internal PromptSet? ReadMapping(ParseResult parsed) => parsed.GetValue(Detection.ClassesFile) is { } file ? PromptFile.Read(file) : null;

    internal IReadOnlyList<string>? ReadTemplates(ParseResult parsed) => parsed.GetValue(Templates) is { Length: > 0 } templates ? templates : null;

    internal IReadOnlyList<string> ReadAbsent(ParseResult parsed) => parsed.GetValue(Absent) is { } file ? [.. PromptFile.Read(file).Classes.Select(each => each.Name)] : Evaluating.PromptsAudit.AbsentWords;
}
