using System.Text.Json;

namespace OpenVocab.Evaluation;

/// <summary>One annotation or detection of a COCO file, as it stands there.</summary>
internal struct CocoEntry
{
    internal EntryId? Id, Image, Category;
    internal double X, Y, Width, Height;
    internal double? Area, Score;
    internal bool HasBox, IsCrowd, IsDifficult, IsIgnored;

    /// <summary>Where it begins in the file.</summary>
    internal long At;

    /// <summary>The first thing that is wrong with it; null where it can be read.</summary>
    internal string? Fault;

    /// <summary>Reads the object that the reader stands on, to its end; what is not known is passed over.</summary>
    internal static CocoEntry Read(ref Utf8JsonReader reader)
    {
        CocoEntry entry = new() { At = reader.TokenStartIndex };
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            entry.Fault = "it is no object";
            return entry;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("image_id"u8)) { entry.Image = entry.ReadId(ref reader, "image_id"); }
            else if (reader.ValueTextEquals("category_id"u8)) { entry.Category = entry.ReadId(ref reader, "category_id"); }
            else if (reader.ValueTextEquals("bbox"u8)) { entry.ReadBox(ref reader); }
            else if (reader.ValueTextEquals("score"u8)) { entry.Score = entry.ReadNumber(ref reader, "score"); }
            else if (reader.ValueTextEquals("id"u8)) { entry.Id = entry.ReadId(ref reader, "id"); }
            else if (reader.ValueTextEquals("area"u8)) { entry.Area = entry.ReadNumber(ref reader, "area"); }
            else if (reader.ValueTextEquals("iscrowd"u8)) { entry.IsCrowd = entry.ReadMark(ref reader, "iscrowd"); }
            else if (reader.ValueTextEquals("difficult"u8)) { entry.IsDifficult = entry.ReadMark(ref reader, "difficult"); }
            else if (reader.ValueTextEquals("ignore"u8)) { entry.IsIgnored = entry.ReadMark(ref reader, "ignore"); }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        return entry;
    }

    private EntryId? ReadId(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        if (EntryId.TryRead(ref reader, out EntryId id)) { return id; }
        Blame(ref reader, field, "a whole number or a text");
        return null;
    }

    private double? ReadNumber(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double number) && double.IsFinite(number)) { return number; }
        if (reader.TokenType != JsonTokenType.Null) { Blame(ref reader, field, "a finite number"); }
        return null;
    }

    private bool ReadMark(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) { return reader.TokenType == JsonTokenType.True; }
        if (reader.TokenType == JsonTokenType.Null) { return false; }
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double number)) { return number != 0; }
        Blame(ref reader, field, "0 or 1");
        return false;
    }

    private void ReadBox(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Blame(ref reader, "bbox", "a list of four numbers: x, y, width, height");
            return;
        }
        Span<double> sides = stackalloc double[4];
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            bool isNumber = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double side) && double.IsFinite(sides[Math.Min(count, 3)] = side);
            if (!isNumber) { Blame(ref reader, Invariant($"bbox[{count}]"), "a finite number"); }
            count++;
        }
        if (count != 4) { Fault ??= Invariant($"its bbox has {count} numbers; it must have four: x, y, width, height"); }
        (X, Y, Width, Height, HasBox) = (sides[0], sides[1], sides[2], sides[3], true);
    }

    private void Blame(ref Utf8JsonReader reader, string field, string wanted)
    {
        string value = reader.TokenType switch
        {
            // What Python calls no number was made a string of the same length: PythonNumbers.
            JsonTokenType.String when reader.ValueTextEquals("a"u8) => "NaN",
            JsonTokenType.String when reader.ValueTextEquals("nfinit"u8) => "Infinity",
            JsonTokenType.String when reader.ValueTextEquals("Infinit"u8) => "-Infinity",
            JsonTokenType.String => $"\"{Shorten(reader.GetString()!)}\"",
            JsonTokenType.Number => Shorten(System.Text.Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.Null => "null",
            JsonTokenType.StartArray => "a list",
            _ => "an object",
        };
        reader.Skip();
        Fault ??= $"its {field} is {value}; it must be {wanted}";
    }

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
