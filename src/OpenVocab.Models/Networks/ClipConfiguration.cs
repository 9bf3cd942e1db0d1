using System.Text.Json;

namespace OpenVocab.Models.Networks;

/// <summary>What the weights of a CLIP do not tell: from a <c>config.json</c> beside them, or what OpenAI's models have.</summary>
internal sealed record ClipConfiguration
{
    private const long LargestFile = 4 * 1024 * 1024;

    /// <summary>The value that old configurations have and that no tokenizer gives: the end is then where the largest id stands.</summary>
    private const long LegacyEnd = 2;

    /// <summary>Heads of the text tower; null: one for 64 channels.</summary>
    internal long? TextHeads { get; init; }

    /// <summary>Heads of the image tower; null: one for 64 channels.</summary>
    internal long? ImageHeads { get; init; }

    /// <summary><c>quick_gelu</c>, as OpenAI's, or <c>gelu</c>.</summary>
    internal string TextActivation { get; init; } = "quick_gelu";

    /// <inheritdoc cref="TextActivation"/>
    internal string ImageActivation { get; init; } = "quick_gelu";

    /// <summary>Of the layer normalizations.</summary>
    internal float TextEpsilon { get; init; } = 1e-5f;

    /// <inheritdoc cref="TextEpsilon"/>
    internal float ImageEpsilon { get; init; } = 1e-5f;

    /// <summary>The id whose first place is embedded; null: the place of the largest id.</summary>
    internal long? EndId { get; init; }

    /// <summary>Reads what lies beside a file of weights.</summary>
    /// <returns>OpenAI's values where nothing does.</returns>
    /// <exception cref="ModelException">The file cannot be read, or asks for something that is not known here.</exception>
    internal static ClipConfiguration Beside(string weights)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(weights))!, path = Path.Combine(folder, "config.json"), openClip = Path.Combine(folder, "open_clip_config.json");
        if (File.Exists(path) && Read(path, ReadHuggingFace) is { } found) { return found; }
        return File.Exists(openClip) ? Read(openClip, ReadOpenClip)! : new();
    }

    private static ClipConfiguration? ReadHuggingFace(JsonElement root)
    {
        // A folder may hold the configuration of something else.
        string type = root.TryGetProperty("model_type", out JsonElement model) ? model.GetString() ?? "" : "";
        if (!type.StartsWith("clip", StringComparison.Ordinal)) { return null; }
        JsonElement text = root.TryGetProperty("text_config", out JsonElement inner) ? inner : root, image = root.TryGetProperty("vision_config", out JsonElement other) ? other : root;
        long? end = Number(text, "eos_token_id");
        return new()
        {
            TextHeads = Number(text, "num_attention_heads"),
            ImageHeads = Number(image, "num_attention_heads"),
            TextActivation = Activation(text),
            ImageActivation = Activation(image),
            TextEpsilon = Epsilon(text),
            ImageEpsilon = Epsilon(image),
            EndId = end is LegacyEnd ? null : end,
        };
    }

    private static ClipConfiguration ReadOpenClip(JsonElement root)
    {
        JsonElement model = root.TryGetProperty("model_cfg", out JsonElement inner) ? inner : root;
        string activation = model.TryGetProperty("quick_gelu", out JsonElement quick) && quick.ValueKind == JsonValueKind.True ? "quick_gelu" : "gelu";
        return new()
        {
            TextActivation = activation,
            ImageActivation = activation,
            TextHeads = model.TryGetProperty("text_cfg", out JsonElement text) ? Number(text, "heads") : null,
        };
    }

    private static ClipConfiguration? Read(string path, Func<JsonElement, ClipConfiguration?> read)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile) { throw new ModelException($"{path}: the file has more than {LargestFile} bytes.", "Give the configuration that belongs to the weights."); }
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new() { MaxDepth = 32 });
            return read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: the configuration of the weights cannot be read: {fault.Message}", "Fetch it again, or move it away: then OpenAI's values are taken.", fault);
        }
    }

    private static long? Number(JsonElement parent, string name) => parent.TryGetProperty(name, out JsonElement field) && field.ValueKind == JsonValueKind.Number ? field.GetInt64() : null;

    private static string Activation(JsonElement parent) => parent.TryGetProperty("hidden_act", out JsonElement field) ? field.GetString() ?? "" : "quick_gelu";

    private static float Epsilon(JsonElement parent) => parent.TryGetProperty("layer_norm_eps", out JsonElement field) && field.ValueKind == JsonValueKind.Number ? field.GetSingle() : 1e-5f;
}
