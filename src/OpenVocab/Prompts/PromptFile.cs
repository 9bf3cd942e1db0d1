using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OpenVocab.Prompts;

/// <summary>
/// A prompt file: YAML (<c>.yaml</c>, <c>.yml</c>) with templates, background and classes, or plain text with a class per line
/// (<c>#</c> begins a comment, <c>name:0.4</c> sets a threshold).
/// </summary>
public static class PromptFile
{
    private const long LargestFile = 4 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Up to 4 MB, UTF-8.</param>
    /// <exception cref="PromptException">The file is missing, too large or faulty; the message names file and line.</exception>
    public static PromptSet Read(string path)
    {
        string text = ReadText(path);
        bool yaml = Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML";
        try { return yaml ? ParseYaml(text, path) : ParseText(text, path); }
        catch (PromptException fault) when (!fault.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new PromptException($"{path}: {fault.Message}", "Correct the prompt file; docs/prompts.md shows its form.", fault);
        }
        catch (YamlException fault)
        {
            throw Fault(path, fault.Start, fault.InnerException?.Message ?? fault.Message, fault);
        }
    }

    /// <summary>The YAML of a set: what <see cref="Read"/> makes the same set of.</summary>
    /// <param name="prompts">Thresholds are rounded to five digits.</param>
    public static string ToYaml(PromptSet prompts)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        YamlMappingNode root = [];
        if (prompts.Templates is { } templates) { root.Add("templates", ToSequence(templates)); }
        if (prompts.Background.Count > 0) { root.Add("background", ToSequence(prompts.Background)); }
        root.Add("classes", new YamlSequenceNode(prompts.Classes.Select(ToNode)));
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        // The library ends a document with three dots.
        return text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
    }

    private static YamlNode ToNode(ClassPrompt prompt)
    {
        YamlMappingNode fields = new() { { "name", prompt.Name } };
        if (!(prompt.Prompts.Count == 1 && prompt.Prompts[0] == prompt.Name)) { fields.Add("prompts", ToSequence(prompt.Prompts)); }
        if (prompt.Threshold is { } threshold) { fields.Add("threshold", Invariant($"{threshold:0.#####}")); }
        if (prompt.Color is { } color) { fields.Add("color", color); }
        if (prompt.Group is { } group) { fields.Add("group", group); }
        return fields;
    }

    private static YamlSequenceNode ToSequence(IEnumerable<string> texts) => new(texts.Select(text => new YamlScalarNode(text))) { Style = YamlDotNet.Core.Events.SequenceStyle.Flow };

    private static string ReadText(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > LargestFile)
            {
                throw new PromptException($"{path}: the file has {file.Length} bytes; at most {LargestFile} are read.", "Give a prompt file.");
            }
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PromptException($"{path}: the prompt file cannot be read: {fault.Message}", "Check the path and its rights.", fault);
        }
    }

    private static PromptSet ParseText(string text, string path)
    {
        List<ClassPrompt> classes = [];
        int number = 0;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#')) { continue; }
            try { classes.Add(PromptLine.ParseClass(line)); }
            catch (PromptException fault) { throw new PromptException($"{path}, line {number}: {fault.Message}", fault.Remedy, fault); }
        }
        return new PromptSet(classes);
    }

    private static PromptSet ParseYaml(string text, string path)
    {
        YamlMappingNode root = YamlText.Load(text);
        List<ClassPrompt> classes = [];
        List<string>? background = null, templates = null;
        foreach ((YamlNode key, YamlNode value) in root)
        {
            switch (Scalar(key, path))
            {
                case "classes": classes = [.. Items(value, path).Select(item => ParseClass(item, path))]; break;
                case "background": background = Strings(value, path); break;
                case "templates": templates = Strings(value, path); break;
                default: throw Fault(path, key.Start, $"the key {key} is unknown; templates, background and classes are possible");
            }
        }
        return new PromptSet(classes, background, templates);
    }

    private static ClassPrompt ParseClass(YamlNode node, string path)
    {
        if (node is YamlScalarNode) { return new(Scalar(node, path)); }
        if (node is not YamlMappingNode fields) { throw Fault(path, node.Start, "a class must be a name, or a mapping with the key name"); }
        string? name = null, color = null, group = null;
        List<string>? prompts = null;
        float? threshold = null;
        foreach ((YamlNode key, YamlNode value) in fields)
        {
            switch (Scalar(key, path))
            {
                case "name": name = Scalar(value, path); break;
                case "prompts": prompts = Strings(value, path); break;
                case "threshold": threshold = Number(value, path); break;
                case "color": color = Scalar(value, path); break;
                case "group": group = Scalar(value, path); break;
                default: throw Fault(path, key.Start, $"the key {key} is unknown; name, prompts, threshold, color and group are possible");
            }
        }
        if (name is null) { throw Fault(path, node.Start, "a class lacks the key name"); }
        return new(name) { Prompts = prompts ?? [name], Threshold = threshold, Color = color, Group = group };
    }

    private static List<string> Strings(YamlNode node, string path) => [.. Items(node, path).Select(item => Scalar(item, path))];

    private static YamlSequenceNode Items(YamlNode node, string path) =>
        node as YamlSequenceNode ?? throw Fault(path, node.Start, "a list is needed here ([a, b], or lines that begin with -)");

    private static string Scalar(YamlNode node, string path) =>
        node is YamlScalarNode { Value: { } value } ? value : throw Fault(path, node.Start, "a single text is needed here");

    private static float Number(YamlNode node, string path) =>
        float.TryParse(Scalar(node, path), NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
            ? number
            : throw Fault(path, node.Start, $"a number is needed here, not {node}");

    private static PromptException Fault(string path, Mark place, string what, Exception? inner = null) => new(
        place.Line > 0 ? $"{path}, line {place.Line}, column {place.Column}: {what}." : $"{path}: {what}.",
        "Correct the prompt file; docs/prompts.md shows its form.", inner);
}
