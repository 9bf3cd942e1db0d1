using System.Text;
using System.Text.Json;

namespace OpenVocab.Cli.Comparing;

/// <summary>Many pictures and texts that belong together: <c>.csv</c> with the columns picture and text, <c>.json</c> with a list of objects, <c>.jsonl</c> with an object a line.</summary>
internal static class PairsFile
{
    private const long LargestFile = 1024L * 1024 * 1024;
    private const string PictureField = "picture", TextField = "text", Remedy = "Write a column or a field for the picture's path and one for the text: picture,text.";

    /// <summary>Reads a file; it decides by its extension.</summary>
    /// <exception cref="SourceException">It is missing, faulty, empty or of another kind; the message names the line or the entry.</exception>
    internal static IReadOnlyList<PicturePair> Read(string path)
    {
        try
        {
            string text = ReadText(path);
            IReadOnlyList<PicturePair> pairs = Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".CSV" => [.. ReadCsv(text)],
                ".JSON" => [.. ReadJson(text)],
                ".JSONL" or ".NDJSON" => [.. ReadJsonLines(text)],
                _ => throw new FormatException($"the extension is \"{Path.GetExtension(path)}\"; .csv, .json and .jsonl are read"),
            };
            return pairs.Count > 0 ? pairs : throw new FormatException("there are no pairs in it");
        }
        catch (Exception fault) when (fault is FormatException or JsonException)
        {
            throw new SourceException(SourceFault.Unsupported, $"{path}: this is no file of pairs: {fault.Message.TrimEnd('.')}.", Remedy, fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceFault.NotReadable, $"{path}: the file cannot be read: {fault.Message}", "Check the path and its rights.", fault);
        }
    }

    private static string ReadText(string path)
    {
        FileInfo file = new(path);
        if (file.Exists && file.Length > LargestFile) { throw new FormatException($"it has {file.Length} bytes; at most {LargestFile} are read"); }
        // A byte order mark, as spreadsheets write it, is taken away here.
        return File.ReadAllText(path, Encoding.UTF8);
    }

    private static IEnumerable<PicturePair> ReadCsv(string text)
    {
        int picture = -1, caption = -1;
        foreach ((int line, List<string> fields) in CsvText.Parse(text))
        {
            if (picture < 0)
            {
                (picture, caption) = (Find(fields, PictureField), Find(fields, TextField));
                if (picture < 0 || caption < 0) { throw new FormatException(Invariant($"line {line}: the columns are {string.Join(", ", fields)}; {PictureField} and {TextField} are needed")); }
                continue;
            }
            if (fields.Count <= Math.Max(picture, caption)) { throw new FormatException(Invariant($"line {line} has {fields.Count} fields; the columns need {Math.Max(picture, caption) + 1}")); }
            yield return Pair(fields[picture], fields[caption], Invariant($"line {line}"));
        }
    }

    private static int Find(List<string> fields, string name) => fields.FindIndex(field => field.Trim().Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<PicturePair> ReadJson(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Array) { throw new FormatException("it is no list of objects"); }
        int number = 0;
        foreach (JsonElement entry in document.RootElement.EnumerateArray()) { yield return FromJson(entry, Invariant($"entry {number++}")); }
    }

    private static IEnumerable<PicturePair> ReadJsonLines(string text)
    {
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) { continue; }
            yield return FromJson(line, Invariant($"line {number}"));
        }
    }

    private static PicturePair FromJson(string line, string place)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return FromJson(document.RootElement, place);
        }
        catch (JsonException fault) { throw new FormatException($"{place}: {fault.Message}", fault); }
    }

    private static PicturePair FromJson(JsonElement entry, string place)
    {
        string Field(string name) => entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out JsonElement field) && field.ValueKind == JsonValueKind.String
            ? field.GetString()!
            : throw new FormatException($"{place}: the field {name} is missing, or no text");
        return Pair(Field(PictureField), Field(TextField), place);
    }

    private static PicturePair Pair(string picture, string text, string place) =>
        picture.Length > 0 ? new(picture, text) : throw new FormatException($"{place}: the picture's path is empty");
}
