using System.CommandLine;
using OpenVocab.Prompts;

namespace OpenVocab.Cli.Options;

/// <summary>The options of <c>openvocab classify</c>.</summary>
internal sealed class ClassifyOptions
{
    private const int LargestFile = 4 * 1024 * 1024;

    internal ClipModelOptions Clip { get; } = new();

    internal Argument<string[]> Pictures { get; } = new("picture") { Description = "Pictures, folders, patterns (\"**/*.jpg\"), list files (.txt, a path a line), - for a picture on standard input.", Arity = ArgumentArity.OneOrMore };

    internal Option<string?> Labels { get; } = new("--labels") { Description = "What a picture may show, between commas: \"cat, dog, red car\".", HelpName = "WORDS" };

    internal Option<string?> LabelsFile { get; } = new("--labels-file") { Description = "The same from a file: a label a line, or YAML with synonyms, templates, and a background that competes and is not reported.", HelpName = "FILE" };

    internal Option<string[]> Template { get; } = new("--template") { Description = "Sentence around a label, with {} for it; repeatable, and then their embeddings are averaged. Default: \"a photo of a {}\".", HelpName = "TEXT" };

    internal Option<string?> TemplatesFile { get; } = new("--templates-file") { Description = "Sentences from a file, one a line; # begins a comment.", HelpName = "FILE" };

    internal Option<bool> Independent { get; } = new("--independent") { Description = "Judge each label for itself: several may apply, or none. Default: one applies, and all probabilities sum up to 1." };

    internal Option<int?> Top { get; } = new("--top") { Description = "The most labels of a picture, best first. Default: 5 in the table, all in the JSON lines.", HelpName = "N" };

    internal Option<string?> JsonLines { get; } = new("--jsonl") { Description = "File for a JSON object a picture; - for standard output.", HelpName = "FILE" };

    internal Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No table; errors only." };

    internal void AddTo(Command command)
    {
        UnknownOptions.Refuse(command, Pictures);
        command.Arguments.Add(Pictures);
        foreach (Option option in (Option[])[Labels, LabelsFile, Template, TemplatesFile, Independent, Top, JsonLines, Quiet]) { command.Options.Add(option); }
        Clip.AddTo(command);
        command.Validators.Add(result =>
        {
            int places = (result.GetResult(Labels) is null ? 0 : 1) + (result.GetResult(LabelsFile) is null ? 0 : 1);
            if (places != 1) { result.AddError(places == 0 ? "Say what the pictures may show: --labels or --labels-file." : "--labels and --labels-file exclude each other: give one of them."); }
            if (result.GetResult(Template) is not null && result.GetResult(TemplatesFile) is not null) { result.AddError("--template and --templates-file exclude each other: give one of them."); }
        });
    }

    /// <summary>The labels in their templates.</summary>
    /// <exception cref="PromptException">A label or a template cannot be used.</exception>
    internal PromptSet ReadLabels(ParseResult parsed)
    {
        PromptSet labels = parsed.GetValue(Labels) is { } words ? PromptSet.Parse(words) : PromptFile.Read(parsed.GetValue(LabelsFile)!);
        if (labels.Classes.FirstOrDefault(label => label.Threshold is not null) is { } odd)
        {
            throw new PromptException(Invariant($"The label {PromptFaults.Quote(odd.Name)} has a threshold ({odd.Threshold}); labels are compared with each other, and have none."), "Leave it out; a colon that belongs to the label stands in double quotes.");
        }
        return new(labels.Classes, labels.Background, ReadTemplates(parsed) ?? labels.Templates);
    }

    internal int? ReadTop(ParseResult parsed) => parsed.GetValue(Top) is { } top ? OptionRange.Check("--top", top, 1, PromptSet.MaxPrompts) : null;

    private string[]? ReadTemplates(ParseResult parsed)
    {
        if (parsed.GetValue(TemplatesFile) is not { } path) { return parsed.GetValue(Template) is { Length: > 0 } given ? given : null; }
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile } file) { throw new PromptException($"{path}: the file has {file.Length} bytes; at most {LargestFile} are read.", "Give a file of sentences."); }
            return [.. File.ReadAllLines(path).Where(line => !string.IsNullOrWhiteSpace(line) && line.TrimStart()[0] != '#').Select(line => line.Trim())];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new PromptException($"{path}: the templates cannot be read: {fault.Message}", "Check the path and its rights.", fault);
        }
    }
}
