using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenVocab.Text;

/// <summary>
/// Character references of HTML, as Python's <c>html.unescape</c> and ftfy resolve them, because CLIP's texts went through both.
/// <c>WebUtility.HtmlDecode</c> is not the same: it leaves <c>&amp;copy</c> alone and turns <c>&amp;#x80;</c> into a control character.
/// </summary>
/// <remarks>The table is the HTML standard's (section 13.5, named character references): 2,231 names, 106 of them without a semicolon.</remarks>
internal static partial class HtmlEntities
{
    /// <summary>Windows-1252 for 0x80 to 0x9F; the five that it leaves open stay as they are.</summary>
    private const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
        "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    /// <summary>Names whose character has a capital that .NET's invariant mapping, one to one, does not give.</summary>
    private static readonly Dictionary<string, string> s_longCapitals = new(StringComparer.Ordinal)
    {
        ["ffilig;"] = "FFI", ["fflig;"] = "FF", ["ffllig;"] = "FFL", ["filig;"] = "FI", ["fllig;"] = "FL",
        ["imath;"] = "I", ["inodot;"] = "I", ["napos;"] = "\u02BCN", ["szlig;"] = "SS",
    };

    private static readonly Dictionary<string, string> s_names = LoadNames();
    private static readonly Dictionary<string, string> s_upperNames = MakeUpperNames();

    /// <summary>The character that a byte from 0x80 to 0x9F stands for in Windows-1252.</summary>
    internal static char FromWindows1252(char control) => Windows1252[control - 0x80];

    /// <summary>Resolves every reference by the rules of HTML 5: exact names, else the longest known beginning, numbers with their exceptions.</summary>
    internal static string Unescape(string text) => text.Contains('&', StringComparison.Ordinal) ? Loose().Replace(text, match => ResolveLoosely(match.Groups[1].Value)) : text;

    /// <summary>Resolves only what is beyond doubt: exact names that end in a semicolon, also written in capitals.</summary>
    internal static string UnescapeStrictly(string text) => text.Contains('&', StringComparison.Ordinal) ? Strict().Replace(text, match => ResolveStrictly(match.Value)) : text;

    private static string ResolveStrictly(string reference)
    {
        string name = reference[1..];
        if (name[0] == '#')
        {
            // A semicolon in what comes out is taken by ftfy for one that was left over.
            return IsNumeric(name) && ResolveNumber(name) is var character && character != ";" ? character : reference;
        }
        return s_names.TryGetValue(name, out string? characters) || s_upperNames.TryGetValue(name, out characters) ? characters : reference;
    }

    private static string ResolveLoosely(string name)
    {
        if (name[0] == '#') { return ResolveNumber(name); }
        if (s_names.TryGetValue(name, out string? characters)) { return characters; }
        for (int length = name.Length - 1; length > 1; length--)
        {
            if (s_names.TryGetValue(name[..length], out characters)) { return characters + name[length..]; }
        }
        return "&" + name;
    }

    private static bool IsNumeric(string name)
    {
        string digits = name[1..].TrimEnd(';');
        return digits.Length > 0 && (digits[0] is 'x' or 'X'
            ? digits.Length > 1 && digits.Skip(1).All(char.IsAsciiHexDigit)
            : digits.All(char.IsAsciiDigit));
    }

    private static string ResolveNumber(string name)
    {
        string digits = name[1..].TrimEnd(';');
        bool hexadecimal = digits[0] is 'x' or 'X';
        digits = (hexadecimal ? digits[1..] : digits).TrimStart('0');
        // Longer numbers are beyond Unicode in any case, and would not fit.
        long number = digits.Length == 0 ? 0
            : digits.Length > 9 ? long.MaxValue
            : long.Parse(digits, hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture);
        return number switch
        {
            0 or (>= 0xD800 and <= 0xDFFF) or > 0x10FFFF => "\uFFFD",
            0x0D => "\r",
            >= 0x80 and <= 0x9F => FromWindows1252((char)number).ToString(),
            (>= 1 and <= 8) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) => "",
            _ => (number & 0xFFFE) == 0xFFFE ? "" : char.ConvertFromUtf32((int)number),
        };
    }

    private static Dictionary<string, string> LoadNames()
    {
        using Stream stream = typeof(HtmlEntities).Assembly.GetManifestResourceStream("OpenVocab.Text.HtmlEntities.txt")!;
        using StreamReader reader = new(stream);
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split(' ');
            names[parts[0]] = string.Concat(parts[1..].Select(code => char.ConvertFromUtf32(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
        }
        return names;
    }

    // ftfy: people write &NTILDE; for Ñ. A name that is wholly lower-case may be shouted, unless HTML itself reads the shout in another way.
    private static Dictionary<string, string> MakeUpperNames()
    {
        Dictionary<string, string> upper = new(StringComparer.Ordinal);
        foreach ((string name, string characters) in s_names)
        {
            if (!name.EndsWith(';') || name.Any(char.IsUpper)) { continue; }
            string shouted = name.ToUpperInvariant();
            if (ResolveLoosely(shouted) == "&" + shouted) { upper[shouted] = s_longCapitals.GetValueOrDefault(name) ?? characters.ToUpperInvariant(); }
        }
        return upper;
    }

    [GeneratedRegex(@"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")]
    private static partial Regex Loose();

    [GeneratedRegex("&#?[0-9A-Za-z]{1,24};")]
    private static partial Regex Strict();
}
