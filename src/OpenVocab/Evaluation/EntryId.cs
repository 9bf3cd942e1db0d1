using System.Text.Json;

namespace OpenVocab.Evaluation;

/// <summary>An id in COCO's files: a whole number, or a text in the files of some tools. Numbers come before texts; texts are ordered as Python orders them.</summary>
internal readonly record struct EntryId(long Number, string? Text) : IComparable<EntryId>
{
    /// <summary>Reads the id that the reader stands on.</summary>
    internal static bool TryRead(ref Utf8JsonReader reader, out EntryId id)
    {
        id = default;
        if (reader.TokenType == JsonTokenType.String)
        {
            id = new(0, reader.GetString());
            return true;
        }
        if (reader.TokenType != JsonTokenType.Number) { return false; }
        // Some tools write 17.0: pandas does where a column has gaps.
        double number = 0;
        bool whole = reader.TryGetInt64(out long value) || reader.TryGetDouble(out number) && number == Math.Floor(number) && Math.Abs(number) < 1L << 53;
        if (whole) { id = new(value != 0 ? value : (long)number, null); }
        return whole;
    }

    public int CompareTo(EntryId other) => (Text is null, other.Text is null) switch
    {
        (true, true) => Number.CompareTo(other.Number),
        (false, false) => string.CompareOrdinal(Text, other.Text),
        (var number, _) => number ? -1 : 1,
    };

    public override string ToString() => Text ?? Invariant($"{Number}");
}
