using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OpenVocab.Cli.Commands;

/// <summary>Reads a JSON string with escaped halves of surrogate pairs, which System.Text.Json refuses: each becomes U+FFFD.</summary>
internal static partial class JsonLoneSurrogates
{
    internal static string Replace(string json)
    {
        string mended = Escape().Replace(json, match =>
        {
            // Whole pairs, and escapes that are no surrogates at all, stay.
            if (match.Groups["pair"].Success || !match.Groups["unit"].Success) { return match.Value; }
            char unit = (char)int.Parse(match.Groups["unit"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return char.IsSurrogate(unit) ? "\\uFFFD" : match.Value;
        });
        return JsonSerializer.Deserialize<string>(mended)!;
    }

    // An escaped backslash is taken whole, so that the u behind it is a letter.
    [GeneratedRegex(@"\\\\|(?<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u(?<unit>[0-9a-fA-F]{4})")]
    private static partial Regex Escape();
}
