using System.Text.Json;
using OpenVocab.Imaging;

namespace OpenVocab.Bundles;

/// <summary>
/// <c>bundle.json</c>, read and checked; docs/bundles.md describes it. Fields that are not known are ignored, so that later versions may add
/// some; a missing one is an error that names field and file.
/// </summary>
internal sealed class BundleDescription
{
    private const int SchemaVersion = 1;
    private const int LargestFile = 4 * 1024 * 1024;

    private readonly string _path;

    private BundleDescription(string folder, JsonElement root)
    {
        _path = Path.Combine(folder, ModelBundle.DescriptionFile);
        int version = Get(root, "", "schemaVersion", field => field.GetInt32());
        if (version != SchemaVersion)
        {
            throw new ModelException($"{_path}: schemaVersion is {version}; {SchemaVersion} is read.", "Use a version of OpenVocab that fits the bundle.");
        }
        Name = Get(root, "", "name", field => field.GetString()!);
        License = Get(root, "", "license", field => field.GetString()!);
        Files = [.. Get(root, "", "files", field => field.EnumerateArray()).Select((file, i) => ReadFile(folder, file, $"files[{i}]."))];
        // A bundle of encoders alone has nothing to say about a detector.
        bool hasDetector = Files.Any(file => file.Role == BundleRoles.Detector);
        Detector = hasDetector ? ReadDetector(Get(root, "", "detector", field => field)) : DetectorSettings.Usual;
        Text = ReadText(Get(root, "", "text", field => field));
        Image = ReadImage(root);
        Quantization = Files.Any(file => file.Role == BundleRoles.QuantizedDetector) ? ReadQuantization(Get(root, "", "int8", field => field)) : null;
        DefaultVocabulary = ReadDefaultVocabulary();
    }

    internal string Name { get; }

    internal string License { get; }

    internal IReadOnlyList<BundleFile> Files { get; }

    internal DetectorSettings Detector { get; }

    internal TextSettings Text { get; }

    internal ImageSettings Image { get; }

    internal QuantizationSettings? Quantization { get; }

    internal (IReadOnlyList<string> Names, IReadOnlyList<string> Prompts) DefaultVocabulary { get; }

    /// <summary>Reads the description of a folder.</summary>
    /// <exception cref="ModelException">There is none, or it is faulty.</exception>
    internal static BundleDescription Read(string folder)
    {
        string path = Path.Combine(folder, ModelBundle.DescriptionFile);
        if (!File.Exists(path))
        {
            throw new ModelException($"{folder}: this is no model bundle: there is no {ModelBundle.DescriptionFile} in it.", "Give the folder of a bundle.");
        }
        using JsonDocument document = ParseJson(path);
        return new BundleDescription(folder, document.RootElement);
    }

    private static JsonDocument ParseJson(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Length > LargestFile)
            {
                throw new ModelException($"{path}: the file has {file.Length} bytes; at most {LargestFile} are read.", "Fetch the bundle again.");
            }
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: the file cannot be read: {fault.Message}", "Fetch the bundle again.", fault);
        }
    }

    private BundleFile ReadFile(string folder, JsonElement file, string place)
    {
        string name = Get(file, place, "path", field => field.GetString()!);
        string path = Path.GetFullPath(Path.Combine(folder, name));
        string inside = Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
        if (!path.StartsWith(inside, StringComparison.Ordinal) || LinkTarget(path) is { } target && !target.StartsWith(inside, StringComparison.Ordinal))
        {
            throw new ModelException($"{_path}: {place}path is {name}, which leads out of the bundle's folder.", "Do not use this bundle: its files must lie inside.");
        }
        return new(
            Get(file, place, "role", field => field.GetString()!), path, Get(file, place, "sha256", field => field.GetString()!),
            Get(file, place, "bytes", field => field.GetInt64()));
    }

    // A file that is missing is reported when it is verified.
    private static string? LinkTarget(string path) => File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null;

    private DetectorSettings ReadDetector(JsonElement json) => new()
    {
        ImageSize = Get(json, "detector.", "imageSize", field => new InputSize(field[0].GetInt32(), field[1].GetInt32())),
        SmallestSide = Get(json, "detector.", "smallestSide", field => field.GetInt32(), side => side is >= 32 and <= 4096, "between 32 and 4096"),
        LargestSide = Get(json, "detector.", "largestSide", field => field.GetInt32(), side => side is >= 32 and <= 4096, "between 32 and 4096"),
        MultipleOf = Get(json, "detector.", "multipleOf", field => field.GetInt32(), side => side is >= 1 and <= 256, "between 1 and 256"),
        MinimalRectangle = Get(json, "detector.", "letterbox", field => field.GetString()!, mode => mode is "square" or "rectangle", "square or rectangle") == "rectangle",
        ScoreThreshold = Get(json, "detector.", "scoreThreshold", field => field.GetSingle(), score => score is >= 0 and <= 1, "between 0 and 1"),
        IouThreshold = Get(json, "detector.", "iouThreshold", field => field.GetDouble(), iou => iou is >= 0 and <= 1, "between 0 and 1"),
    };

    private QuantizationSettings ReadQuantization(JsonElement json) => new() { WeightBits = Get(json, "int8.", "weightBits", field => field.GetInt32(), bits => bits is 7 or 8, "7 or 8") };

    private TextSettings ReadText(JsonElement json) => new()
    {
        Templates = Get(json, "text.", "templates", field => field.EnumerateArray().Select(item => item.GetString()!).ToArray(),
            templates => templates.Length > 0 && templates.All(template => template.Split("{}").Length == 2), "a list of sentences with one {} each"),
        Dimensions = Get(json, "text.", "dimensions", field => field.GetInt32(), count => count is >= 2 and <= 8192, "between 2 and 8192"),
        Positions = Get(json, "text.", "positions", field => field.GetInt32(), count => count is >= 3 and <= 4096, "between 3 and 4096"),
        PaddingPrompt = Get(json, "text.", "paddingPrompt", field => field.GetBoolean()),
        EmbeddingSpace = Find(json, "embeddingSpace"),
        EncoderSource = Find(json, "encoderSource"),
    };

    // All of it may be missing: bundles of detectors have none.
    private ImageSettings ReadImage(JsonElement root)
    {
        float? Number(string name, Func<float, bool> fits, string bound) => root.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null ? Get(root, "", name, number => number.GetSingle(), fits, bound) : null;
        return new()
        {
            Size = root.TryGetProperty("image", out JsonElement image) ? Get(image, "image.", "size", field => field.GetInt32(), side => side is >= 16 and <= 4096, "between 16 and 4096") : null,
            LogitScale = Number("logitScale", scale => scale is > 0 and <= 10_000, "greater than 0, and at most 10000"),
            LogitBias = Number("logitBias", float.IsFinite, "a number"),
        };
    }

    private (IReadOnlyList<string> Names, IReadOnlyList<string> Prompts) ReadDefaultVocabulary()
    {
        if (Files.FirstOrDefault(file => file.Role == BundleRoles.VocabularyNames) is not { } file) { return ([], []); }
        using JsonDocument document = ParseJson(file.Path);
        string[] Strings(string name) => Get(
            document.RootElement, $"({Path.GetFileName(file.Path)}) ", name, field => field.EnumerateArray().Select(item => item.GetString()!).ToArray());
        string[] names = Strings("names"), prompts = Strings("prompts");
        return names.Length == prompts.Length ? (names, prompts) : throw new ModelException(
            $"{file.Path}: there are {names.Length} names and {prompts.Length} prompts; both lists must be equally long.", "Fetch the bundle again.");
    }

    // A text that may be missing.
    private static string? Find(JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement field) && field.ValueKind == JsonValueKind.String ? field.GetString() : null;

    private T Get<T>(JsonElement parent, string place, string name, Func<JsonElement, T> read, Func<T, bool>? fits = null, string bound = "")
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out JsonElement field) || field.ValueKind == JsonValueKind.Null)
        {
            throw new ModelException($"{_path}: the field {place}{name} is missing.", "Fetch the bundle again, or complete the description (docs/bundles.md).");
        }
        try
        {
            T value = read(field);
            if (fits is null || fits(value)) { return value; }
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new ModelException($"{_path}: the field {place}{name} is {field.GetRawText()}, which is of another kind than is needed.", "Correct the description (docs/bundles.md).", fault);
        }
        throw new ModelException($"{_path}: the field {place}{name} is {field.GetRawText()}; it must be {bound}.", "Correct the description (docs/bundles.md).");
    }
}
