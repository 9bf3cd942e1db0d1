using System.Globalization;
using OpenVocab.Prompts;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OpenVocab.Evaluation;

/// <summary>The YAML file of a YOLO data set: where its parts lie, and what its classes are called. Keys that are not used here (<c>download</c>, <c>roboflow</c> …) are passed over.</summary>
internal sealed class YoloDescription
{
    internal const int MostClasses = 100_000;

    private const long LargestFile = 4 * 1024 * 1024;
    private const string Remedy = "Correct the YAML file: it needs the folder of each part (train, val), and names or nc.";

    private static readonly string[] s_parts = ["train", "val", "validation", "valid", "test"];

    private readonly YamlMappingNode _keys;

    private YoloDescription(string path, YamlMappingNode keys) => (FilePath, _keys) = (path, keys);

    internal string FilePath { get; }

    /// <summary>The set's folder as the file has it; null where it does not say.</summary>
    internal string? Root => Find("path") is { } node && !IsEmpty(node) ? Scalar(node) : null;

    /// <exception cref="SourceException">The file is missing, too large, or no YAML mapping; the message names line and column.</exception>
    internal static YoloDescription Read(string path)
    {
        string text = DataFile.ReadText(path, LargestFile);
        try { return new(path, YamlText.Load(text)); }
        catch (YamlException fault) { throw Fault(path, fault.Start, (fault.InnerException?.Message ?? fault.Message).TrimEnd('.'), fault); }
    }

    /// <summary>True for a YAML file that names classes; false for any other file, whatever is in it.</summary>
    internal static bool Describes(string path)
    {
        try { return Read(path) is var read && (read.Find("names") ?? read.Find("nc")) is not null; }
        catch (SourceException) { return false; }
    }

    /// <summary>What a part consists of: folders and lists of pictures, as written.</summary>
    /// <param name="split">The part; <c>val</c> is also found as <c>validation</c> or <c>valid</c>, as the file has it.</param>
    internal IReadOnlyList<string> Entries(string split)
    {
        YamlNode? node = DatasetSplit.Names(split).Select(Find).FirstOrDefault(found => found is not null && !IsEmpty(found));
        if (node is null)
        {
            string[] present = [.. s_parts.Where(key => Find(key) is { } found && !IsEmpty(found))];
            throw new SourceException(
                SourceFault.NotFound, $"{FilePath}: there is no part {split}; {(present.Length == 0 ? "it has none of train, val and test" : $"it has {string.Join(", ", present)}")}.",
                present.Length == 0 ? Remedy : $"Choose a part that the file has (--split {present[^1]}; in code: DatasetOptions.Split).");
        }
        return node is YamlSequenceNode list ? [.. list.Select(Scalar)] : [Scalar(node)];
    }

    /// <summary>The classes in the order of their ids.</summary>
    internal IReadOnlyList<DatasetClass> Classes()
    {
        int? count = Find("nc") is { } nc ? Integer(nc, 1, MostClasses) : null;
        string[]? names = Find("names") switch
        {
            null => null,
            YamlSequenceNode list => [.. list.Select(Scalar)],
            YamlMappingNode mapping => Names(mapping),
            var other => throw Fault(FilePath, other.Start, $"names is {DataFile.Quote(other.ToString())}; it must be a list, or a mapping from number to name"),
        };
        if (names is null && count is null) { throw Fault(FilePath, null, "there is neither names nor nc"); }
        if (names?.Length is 0 or > MostClasses) { throw Fault(FilePath, Find("names")!.Start, $"names has {names.Length} entries; it must have 1 to {MostClasses}"); }
        if (names is not null && count is not null && names.Length != count) { throw Fault(FilePath, Find("nc")!.Start, $"nc is {count}, but names has {names.Length} entries"); }
        names ??= [.. Enumerable.Range(0, count!.Value).Select(index => Invariant($"class_{index}"))];
        int nameless = Array.FindIndex(names, string.IsNullOrWhiteSpace);
        return nameless < 0 ? [.. names.Select(name => new DatasetClass(name))] : throw Fault(FilePath, Find("names")!.Start, $"the name of class {nameless} is empty");
    }

    private string[] Names(YamlMappingNode mapping)
    {
        string[] names = new string[mapping.Children.Count];
        foreach ((YamlNode key, YamlNode value) in mapping)
        {
            int index = Integer(key, 0, names.Length - 1);
            if (names[index] is not null) { throw Fault(FilePath, key.Start, $"the class {index} is named twice"); }
            names[index] = Scalar(value);
        }
        return names;
    }

    private YamlNode? Find(string key)
    {
        foreach ((YamlNode name, YamlNode value) in _keys)
        {
            if (name is YamlScalarNode { Value: { } text } && text == key) { return value; }
        }
        return null;
    }

    private static bool IsEmpty(YamlNode node) => node is YamlScalarNode { Value: null or "" or "~" or "null" } or YamlSequenceNode { Children.Count: 0 };

    private string Scalar(YamlNode node) => node is YamlScalarNode { Value: { } value } ? value : throw Fault(FilePath, node.Start, "a single text is needed here");

    private int Integer(YamlNode node, int least, int most) =>
        int.TryParse(Scalar(node), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw Fault(FilePath, node.Start, $"an integer from {least} to {most} is needed here, not {DataFile.Quote(Scalar(node))}");

    private static SourceException Fault(string path, Mark? place, string what, Exception? inner = null) => new(
        SourceFault.Damaged, place is { Line: > 0 } mark ? $"{path}, line {mark.Line}, column {mark.Column}: {what}." : $"{path}: {what}.", Remedy, inner);
}
