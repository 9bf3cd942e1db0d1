using System.Text.Json;
using System.Text.Json.Nodes;
using OpenVocab.Bundles;
using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Networks;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models;

/// <summary>Makes bundles from checkpoints, without Python: YOLO-World of Ultralytics (v1 and v2), and CLIP of OpenAI and Hugging Face. What a file is, its contents say.</summary>
/// <remarks>Nothing in a checkpoint is executed. Safe for any number of threads that write to different folders.</remarks>
public static class ModelImporter
{
    private const int ClipPositions = 77;

    /// <summary>Imports a file.</summary>
    /// <param name="path">A checkpoint (<c>.pt</c>, <c>.pth</c>, <c>.bin</c>, <c>.safetensors</c>), a folder of Hugging Face's with one, or a bundle that is to be joined with a text encoder.</param>
    /// <param name="folder">Where the bundle is made: a new or empty folder, or an older bundle, which is replaced when the new one is whole.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="CheckpointException">The file is damaged, hostile, or no checkpoint.</exception>
    /// <exception cref="ModelException">The file holds another network, or the parts do not fit together.</exception>
    /// <exception cref="SinkException">The folder cannot be written, or holds something else.</exception>
    public static ImportedModel Import(string path, string folder, ImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new();
        using BundleWriter bundle = new(folder);
        if (File.Exists(Path.Combine(path, ModelBundle.DescriptionFile))) { return Join(bundle, ModelBundle.Open(path), folder, options); }
        using Checkpoint checkpoint = Checkpoint.Open(WeightsOf(path));
        if (YoloWorldNetwork.Find(checkpoint) is { } detector) { return ImportDetector(bundle, checkpoint, detector, folder, options); }
        return ClipNetwork.Find(checkpoint) is { } clip ? ImportClip(bundle, checkpoint, clip, folder, options) : throw Unknown(path);
    }

    private static ImportedModel ImportDetector(BundleWriter bundle, Checkpoint checkpoint, YoloWorldNetwork network, string folder, ImportOptions options)
    {
        List<string> notes = [];
        GraphBuilder graph = new("yolo-world", options.Half);
        YoloWorld.Build(graph, network, options.Regions);
        graph.Save(bundle.PathOf("detector.onnx"));
        bundle.Add(BundleRoles.Detector, "detector.onnx");
        CheckpointVocabulary? vocabulary = CheckpointVocabulary.Read(network, notes);
        if (vocabulary is not null) { WriteVocabulary(bundle, vocabulary); }
        TextEncoderPart? encoder = AddTextEncoder(bundle, options, notes);
        RequirePair(checkpoint.File, network.Dimensions, network.Dimensions == 512 ? TextEncoderPart.DetectorSpace : null, null, encoder);
        if (encoder is null) { notes.Add("There is no text encoder: " + (vocabulary is null ? "the bundle cannot detect anything yet." : "only the words that the checkpoint brings are detected.") + " Import again with --text-encoder."); }
        TrialRun.Detector(bundle.PathOf("detector.onnx"), network.Dimensions);
        if (vocabulary is not null && encoder is not null) { TrialRun.CompareEmbeddings(bundle, vocabulary, (int)encoder.Positions, notes); }
        string description = $"{network.Description}, stored as {network.ElementType}{(network.IsFused ? ", fused" : "")}";
        JsonObject json = Describe(NameOf(folder), description, LicenseOf(checkpoint, options), checkpoint.File);
        json["detector"] = Settings(DetectorSettings.Usual);
        json["text"] = Text(network.Dimensions, encoder?.Positions ?? ClipPositions, encoder?.Space ?? (network.Dimensions == 512 ? TextEncoderPart.DetectorSpace : null), encoder?.Source);
        bundle.Commit(json);
        return new(Path.GetFullPath(folder), description, vocabulary?.Names ?? [], notes);
    }

    private static ImportedModel ImportClip(BundleWriter bundle, Checkpoint checkpoint, ClipNetwork network, string folder, ImportOptions options)
    {
        List<string> notes = [];
        if (options.TextEncoder is not null) { throw new ModelException($"{checkpoint.File}: this is a CLIP, which embeds words itself; --text-encoder is for detectors.", "Leave --text-encoder out."); }
        ClipConfiguration configuration = ClipConfiguration.Beside(checkpoint.File);
        TextEncoderPart? encoder = null;
        if (network.HasText)
        {
            encoder = TextEncoderPart.Write(bundle, checkpoint, network, configuration, options, notes);
            TrialRun.TextEncoder(bundle.PathOf("text-encoder.onnx"), configuration.EndId);
        }
        else { notes.Add("The checkpoint has no text tower: the bundle embeds pictures alone."); }
        JsonObject json = Describe(NameOf(folder), network.Description, LicenseOf(checkpoint, options), checkpoint.File);
        json["text"] = Text(network.Dimensions, encoder?.Positions ?? ClipPositions, encoder?.Space, encoder?.Source);
        if (network.HasImage)
        {
            GraphBuilder graph = new("clip-image", options.Half);
            ClipImage.Build(graph, network, configuration);
            graph.Save(bundle.PathOf("image-encoder.onnx"));
            bundle.Add(BundleRoles.ImageEncoder, "image-encoder.onnx");
            TrialRun.ImageEncoder(bundle.PathOf("image-encoder.onnx"), (int)network.ImageSize);
            json["image"] = new JsonObject { ["size"] = network.ImageSize };
        }
        else { notes.Add("The checkpoint has no image tower: the bundle embeds texts alone."); }
        if (network.LogitScale is { } scale) { json["logitScale"] = scale; }
        bundle.Commit(json);
        return new(Path.GetFullPath(folder), network.Description, [], notes);
    }

    // A bundle's detector with another text encoder.
    private static ImportedModel Join(BundleWriter bundle, ModelBundle from, string folder, ImportOptions options)
    {
        List<string> notes = [];
        if (options.TextEncoder is null) { throw new ModelException($"{from.Folder}: this is a bundle already.", "Give a checkpoint, or --text-encoder to join the bundle's detector with one."); }
        from.Require(BundleRoles.Detector);
        foreach (BundleFile file in from.Files.Where(file => file.Role is BundleRoles.Detector or BundleRoles.QueryEncoder or BundleRoles.VocabularyNames or BundleRoles.VocabularyEmbeddings)) { bundle.Copy(file.Role, file.Path); }
        TextEncoderPart encoder = AddTextEncoder(bundle, options, notes)!;
        RequirePair(from.Folder, from.Text.Dimensions, from.Text.EmbeddingSpace, from.Text.EncoderSource ?? from.Find(BundleRoles.TextEncoder)?.Sha256, encoder);
        JsonObject json = JsonNode.Parse(File.ReadAllText(Path.Combine(from.Folder, ModelBundle.DescriptionFile)))!.AsObject();
        json.Remove("schemaVersion");
        json.Remove("files");
        json["text"] = Text(from.Text.Dimensions, encoder.Positions, encoder.Space ?? from.Text.EmbeddingSpace, encoder.Source);
        bundle.Commit(json);
        return new(Path.GetFullPath(folder), from.Name, [.. from.LoadDefaultVocabulary().Classes.Select(prompt => prompt.Name)], notes);
    }

    private static TextEncoderPart? AddTextEncoder(BundleWriter bundle, ImportOptions options, List<string> notes)
    {
        if (options.TextEncoder is null) { return null; }
        string path = PulledModels.Resolve(options.TextEncoder);
        if (File.Exists(Path.Combine(path, ModelBundle.DescriptionFile))) { return TextEncoderPart.Copy(bundle, ModelBundle.Open(path)); }
        using Checkpoint checkpoint = Checkpoint.Open(WeightsOf(path));
        ClipNetwork network = ClipNetwork.Find(checkpoint) ?? throw Unknown(path);
        return TextEncoderPart.Write(bundle, checkpoint, network, ClipConfiguration.Beside(checkpoint.File), options, notes);
    }

    /// <summary>A detector compares with embeddings of one space alone; another one of the same length would be silent nonsense.</summary>
    private static void RequirePair(string detector, int dimensions, string? space, string? source, TextEncoderPart? encoder)
    {
        if (encoder is null) { return; }
        if (encoder.Dimensions != dimensions) { throw new ModelException($"{detector} compares with embeddings of {dimensions} numbers; {encoder.From} gives {encoder.Dimensions}.", "Give the text encoder that the detector was trained with; YOLO-World's is CLIP ViT-B/32."); }
        bool otherSpace = space is not null && encoder.Space is not null && space != encoder.Space;
        bool otherEncoder = source is not null && source != encoder.Source && (space is null || encoder.Space is null);
        if (otherSpace || otherEncoder)
        {
            throw new ModelException(
                $"{detector} records another text encoder ({space ?? $"made from weights with SHA-256 {source![..12]}…"}); {encoder.From} is {encoder.Space ?? $"made from weights with SHA-256 {encoder.Source[..12]}…"}.",
                "Give the text encoder that the detector was trained with.");
        }
    }

    private static void WriteVocabulary(BundleWriter bundle, CheckpointVocabulary vocabulary)
    {
        JsonArray Names() => [.. vocabulary.Names.Select(name => JsonValue.Create(name))];
        File.WriteAllText(bundle.PathOf("vocabulary.json"), new JsonObject { ["names"] = Names(), ["prompts"] = Names() }.ToJsonString(JsonSerializerOptions.Default));
        bundle.Add(BundleRoles.VocabularyNames, "vocabulary.json");
        NpyFile.Write(bundle.PathOf("vocabulary.npy"), vocabulary.Rows.Values, [.. vocabulary.Rows.Shape]);
        bundle.Add(BundleRoles.VocabularyEmbeddings, "vocabulary.npy");
    }

    private static JsonObject Describe(string name, string description, string license, string source) =>
        new() { ["name"] = name, ["description"] = description, ["license"] = license, ["sources"] = new JsonArray(Path.GetFileName(source)) };

    private static JsonObject Settings(DetectorSettings settings) => new()
    {
        ["imageSize"] = new JsonArray(settings.ImageSize.Height, settings.ImageSize.Width), ["smallestSide"] = settings.SmallestSide, ["largestSide"] = settings.LargestSide,
        ["multipleOf"] = settings.MultipleOf, ["letterbox"] = settings.MinimalRectangle ? "rectangle" : "square", ["scoreThreshold"] = settings.ScoreThreshold, ["iouThreshold"] = settings.IouThreshold,
    };

    private static JsonObject Text(int dimensions, long positions, string? space, string? source)
    {
        // YOLO-World's users give phrases without a sentence around them.
        JsonObject text = new() { ["templates"] = new JsonArray("{}"), ["dimensions"] = dimensions, ["positions"] = positions, ["paddingPrompt"] = false };
        if (space is not null) { text["embeddingSpace"] = space; }
        if (source is not null) { text["encoderSource"] = source; }
        return text;
    }

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    private static string LicenseOf(Checkpoint checkpoint, ImportOptions options) =>
        options.License ?? ((checkpoint.Root as PickleDictionary)?["license"] is string { Length: > 0 and < 1000 } license ? license : "not stated in the checkpoint: as its publisher says");

    /// <summary>The file itself, or what a folder of Hugging Face's holds.</summary>
    private static string WeightsOf(string path)
    {
        if (!Directory.Exists(path)) { return path; }
        string[] names = ["model.safetensors", "open_clip_model.safetensors", "pytorch_model.bin", "open_clip_pytorch_model.bin"];
        return names.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists) ?? throw new ModelException($"{path}: there are no weights in this folder ({string.Join(", ", names)}).", "Give the file of the weights.");
    }

    private static ModelException Unknown(string path) => new($"{path}: the file holds no network that is imported.", "Give a YOLO-World of Ultralytics or a CLIP; other networks go to --model as ONNX.");
}
