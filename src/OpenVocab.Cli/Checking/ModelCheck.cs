using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Inference;
using OpenVocab.Prompts;
using OpenVocab.Text;

namespace OpenVocab.Cli.Checking;

/// <summary>Looks at a model from all sides without giving up at the first fault.</summary>
internal static class ModelCheck
{
    private const byte Grey = 114;

    private static readonly string[] s_telling = ["task", "stride", "imgsz", "batch", "args", "description", "version", "license"];

    /// <summary>Checks an ONNX file or the folder of a bundle.</summary>
    /// <exception cref="ModelException">There is no such file.</exception>
    internal static ModelFindings Check(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path)) { throw new ModelException($"{path}: there is no such file and no such folder.", "Check the path of the model."); }
        if (File.Exists(path) && FileMagic.Refuse(path) is { } other)
        {
            return OtherFiles.Describe(path) ?? new() { Path = path, Kind = "no model that can be used", Problems = [other] };
        }
        try
        {
            ModelBundle bundle = ModelBundle.Open(path);
            ModelFindings found = bundle.Find(BundleRoles.Detector) is { } file ? CheckDetector(path, bundle, file) : new() { Path = path, Kind = $"bundle {bundle.Name} without a detector", Problems = CanEmbed(bundle) };
            return bundle.IsBareFile ? found : found with { Details = [("bundle", $"{bundle.Name}: {bundle.Files.Count} files, hashes right"), ("licence", bundle.License), .. found.Details] };
        }
        catch (ModelException fault) { return new() { Path = path, Kind = "no model that can be used", Problems = [Problem.Of(fault)] }; }
    }

    private static ModelFindings CheckDetector(string path, ModelBundle bundle, BundleFile file)
    {
        ModelFindings found = new() { Path = path, Kind = "no detector that can be used", Sha256 = file.Sha256 };
        try
        {
            using Detector detector = Detector.Load(bundle, new DetectorOptions { Device = ExecutionDevice.Cpu });
            ModelSignature signature = detector.Signature;
            found = found with
            {
                Kind = KindOf(detector),
                Classes = signature.Classes,
                Details = Describe(file.Path, signature.Metadata),
                Notes = Notes(detector),
                Problems = bundle.IsBareFile ? [] : CanEmbed(bundle),
            };
            found = WithTensors(found, file.Path, signature);
            return TryRun(detector, found);
        }
        catch (OpenVocabException fault)
        {
            return WithTensors(found, file.Path, null) with { Problems = [.. found.Problems, Problem.Of(fault)] };
        }
    }

    private static ModelFindings TryRun(Detector detector, ModelFindings found)
    {
        // Any direction will do: what is tried is the network, not the words.
        Vocabulary words = detector.Signature.Text is { } text ? new(PromptSet.Of("trial"), [1, .. new float[text.Dimensions - 1]], [0], text.Dimensions, hasPaddingPrompt: false, []) : detector.Vocabulary;
        using Mat grey = new(detector.InputSize.Height, detector.InputSize.Width, MatType.CV_8UC3, Scalar.All(Grey));
        FrameResult result = new();
        // The first run makes the memory that the later ones use.
        for (int run = 0; run < 2; run++) { detector.Detect(grey, words, result); }
        found = found with { TrialMilliseconds = result.Timings.Total.TotalMilliseconds };
        return result.NonFinite == 0 ? found : found with
        {
            Problems = [.. found.Problems, new($"{found.Path}: the trial run gave {result.NonFinite} scores or boxes that are no numbers.", "Export the model again, in float32 if it is float16.")],
        };
    }

    private static ModelFindings WithTensors(ModelFindings found, string path, ModelSignature? signature)
    {
        try
        {
            using InferenceSession session = SessionFactory.Open(path, new(ExecutionDevice.Cpu, 1), out _);
            return found with
            {
                Inputs = [.. TensorDescription.Of(session.InputNames, session.InputMetadata).Select(input => Of(input, RoleOfInput(input.Name, signature)))],
                Outputs = [.. TensorDescription.Of(session.OutputNames, session.OutputMetadata).Select(output => Of(output, RoleOfOutput(output.Name, signature)))],
            };
        }
        catch (ModelException) when (signature is null)
        {
            return found; // the fault that brought us here says why
        }
    }

    private static TensorFinding Of(TensorDescription tensor, string role) => new(tensor.Name, role, ElementTypes.NameOf(tensor.Type), tensor.Shape);

    private static string RoleOfInput(string name, ModelSignature? signature) =>
        signature is null ? "unknown"
        : name == signature.Picture.Name ? $"picture, channels {(signature.Picture.ChannelsLast ? "last" : "first")}"
        : "embeddings of the words";

    private static string RoleOfOutput(string name, ModelSignature? signature) =>
        signature is null ? "unknown"
        : signature.Layout.Outputs.ToList().IndexOf(name) is >= 0 and var index ? signature.Layout.Roles[index]
        : name == signature.Regions?.Name ? "regions, for openvocab index"
        : "not read";

    private static string KindOf(Detector detector)
    {
        ModelSignature signature = detector.Signature;
        string size = $"{(signature.Picture is { Height: > 0, Width: > 0 } ? "" : "up to ")}{detector.InputSize} pixels{(signature.HasFreeBatch ? ", several pictures at once" : "")}";
        return signature.Text is { } text
            ? $"detector that takes words ({(text.Prompts > 0 ? $"up to {text.Prompts} prompts" : "any number of prompts")} of {text.Dimensions} numbers each), {size}"
            : $"detector with {signature.Classes.Count} classes of its own, {size}";
    }

    private static List<string> Notes(Detector detector)
    {
        List<string> notes = [];
        if (detector.BorrowsTextEncoder) { notes.Add("Words are embedded by the small text encoder that comes with OpenVocab, which is near CLIP ViT-B/32; --text-encoder names a better one."); }
        else if (detector.Signature.Text is { } text && detector.Bundle.IsBareFile) { notes.Add($"Words need a bundle with a text encoder of {text.Dimensions} numbers: --text-encoder."); }
        if (detector.Signature.ClassOrigin == ClassNameOrigin.Numbers) { notes.Add("The file does not name its classes; they are numbered."); }
        if (detector.Signature.ClassOrigin == ClassNameOrigin.Assumed) { notes.Add("The file tells neither names nor number of its classes; they are taken to be the 80 of COCO."); }
        return notes;
    }

    private static List<(string, string)> Describe(string path, Inference.ModelMetadata metadata)
    {
        List<(string, string)> details = [("made by", $"{(metadata.Producer.Length > 0 ? metadata.Producer : "an unnamed exporter")}{(OnnxHeader.Opsets(path) is { } opsets ? $", opset {opsets}" : "")}")];
        details.AddRange(s_telling.Where(metadata.Entries.ContainsKey).Select(name => (name, metadata.Entries[name])));
        return details;
    }

    private static List<Problem> CanEmbed(ModelBundle bundle)
    {
        if (bundle.Find(BundleRoles.TextEncoder) is null) { return bundle.Find(BundleRoles.Detector) is null ? [new($"{bundle.Folder}: the bundle has neither a detector nor a text encoder.", "Import the model again.")] : []; }
        try
        {
            using VocabularyEncoder encoder = new(bundle, paddingPrompt: false, threads: 1);
            int dimensions = encoder.Encode(PromptSet.Of("dog")).Dimensions;
            return dimensions == bundle.Text.Dimensions ? [] : [new($"{bundle.Folder}: the text encoder gives {dimensions} numbers; bundle.json says {bundle.Text.Dimensions}.", "Import the model again.")];
        }
        catch (OpenVocabException fault) { return [Problem.Of(fault)]; }
    }
}
