using System.Text;

namespace OpenVocab.Cli.Comparing;

/// <summary>Comma-separated values (RFC 4180): fields in double quotes may hold commas, line breaks, and quotes written twice.</summary>
internal static class CsvText
{
    /// <summary>Splits a text into records; empty lines are left out.</summary>
    /// <returns>Each record with the number of its first line, from 1.</returns>
    /// <exception cref="FormatException">A quote is not closed, or something stands behind it; the message names the line.</exception>
    internal static IEnumerable<(int Line, List<string> Fields)> Parse(string text)
    {
        int at = 0, line = 1;
        while (at < text.Length)
        {
            int first = line;
            List<string> fields = [];
            do { fields.Add(ReadField(text, ref at, ref line)); }
            while (at < text.Length && text[at++] == ',');
            line++;
            if (fields is not [""]) { yield return (first, fields); }
        }
    }

    /// <summary>A field as it is written.</summary>
    internal static string Quote(string field) => field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    // Ends at the comma or the line's end behind the field, which is one character: \n.
    private static string ReadField(string text, ref int at, ref int line)
    {
        if (at == text.Length || text[at] != '"')
        {
            int end = text.AsSpan(at).IndexOfAny(',', '\n') is >= 0 and var found ? at + found : text.Length;
            string bare = text[at..end];
            at = end;
            return end < text.Length && text[end] == ',' ? bare : bare.TrimEnd('\r');
        }
        int opened = line;
        StringBuilder field = new();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\n') { line++; }
            if (text[at] != '"') { field.Append(text[at]); }
            else if (at + 1 < text.Length && text[at + 1] == '"') { field.Append(text[at++]); }
            else
            {
                at++;
                if (at < text.Length && text[at] == '\r') { at++; }
                return at == text.Length || text[at] is ',' or '\n' ? field.ToString() : throw new FormatException(Invariant($"line {line}: something stands behind a closed quote"));
            }
        }
        throw new FormatException(Invariant($"line {opened}: a quote is not closed"));
    }
}
