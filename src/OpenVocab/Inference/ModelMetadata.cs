using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using OpenVocab.Imaging;

namespace OpenVocab.Inference;

/// <summary>What an exporter wrote beside the network, in the words of Ultralytics: all of it may be missing.</summary>
internal sealed record ModelMetadata
{
    private const int MostClasses = 100_000;

    /// <summary><c>detect</c>, <c>segment</c> …</summary>
    internal string? Task { get; init; }

    /// <summary>Name of each class by its number; a number without a name is "class N".</summary>
    internal IReadOnlyList<string>? Names { get; init; }

    /// <summary>Size that it was exported for.</summary>
    internal InputSize? ImageSize { get; init; }

    /// <summary>Largest stride of the network.</summary>
    internal int? Stride { get; init; }

    /// <summary>Who wrote the file.</summary>
    internal string Producer { get; init; } = "";

    /// <summary>All entries as they are, for people.</summary>
    internal IReadOnlyDictionary<string, string> Entries { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the metadata of an open session.</summary>
    /// <exception cref="ModelException">The class names are written in a way that cannot be read.</exception>
    internal static ModelMetadata Read(InferenceSession session, string path)
    {
        Microsoft.ML.OnnxRuntime.ModelMetadata metadata = session.ModelMetadata;
        Dictionary<string, string> entries = metadata.CustomMetadataMap;
        return new()
        {
            Task = entries.GetValueOrDefault("task"),
            Names = entries.TryGetValue("names", out string? names) ? ReadNames(names, path) : null,
            ImageSize = entries.TryGetValue("imgsz", out string? size) ? ReadSize(size) : null,
            Stride = entries.TryGetValue("stride", out string? stride) && int.TryParse(stride, NumberStyles.None, CultureInfo.InvariantCulture, out int pixels) && pixels is >= 1 and <= 256 ? pixels : null,
            Producer = metadata.ProducerName,
            Entries = entries,
        };
    }

    /// <summary>What a class is called that has no name.</summary>
    internal static string NumberedName(int number) => Invariant($"class {number}");

    private static List<string> ReadNames(string text, string path)
    {
        try
        {
            return PythonLiteral.Parse(text) switch
            {
                List<object?> list => Fill(list.Select((name, number) => ((long)number, name))),
                List<KeyValuePair<object, object?>> dictionary => Fill(dictionary.Select(entry => (NumberOf(entry.Key), entry.Value))),
                _ => throw new FormatException("it is neither a list nor a dictionary"),
            };
        }
        catch (FormatException fault)
        {
            throw new ModelException($"{path}: the class names in the file's metadata cannot be read: {fault.Message}.", "Export the model again, or remove the entry \"names\" from its metadata.", fault);
        }
    }

    private static long NumberOf(object key) => key switch
    {
        long number => number,
        string text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) => number,
        _ => throw new FormatException($"the key {key} is no number"),
    };

    private static List<string> Fill(IEnumerable<(long Number, object? Name)> entries)
    {
        List<string> names = [];
        foreach ((long number, object? name) in entries)
        {
            if (number is < 0 or >= MostClasses) { throw new FormatException($"the class number {number} does not lie between 0 and {MostClasses - 1}"); }
            while (names.Count <= number) { names.Add(NumberedName(names.Count)); }
            string text = string.Concat((name switch { string word => word, long digits => Invariant($"{digits}"), _ => throw new FormatException($"class {number} has no name") }).Where(letter => !char.IsControl(letter))).Trim();
            if (text.Length > 0) { names[(int)number] = text; }
        }
        return names.Count > 0 ? names : throw new FormatException("it is empty");
    }

    // A size that is written in another way is only a default that is missing.
    private static InputSize? ReadSize(string text)
    {
        try
        {
            List<long> sides = PythonLiteral.Parse(text) switch { List<object?> list => [.. list.OfType<long>()], long side => [side], _ => [] };
            return sides.Count is 1 or 2 && sides.TrueForAll(side => side is >= 32 and <= 4096) ? new((int)sides[0], (int)sides[^1]) : null;
        }
        catch (FormatException) { return null; }
    }
}
