using System.Globalization;
using System.Text;

namespace OpenVocab.Text;

/// <summary>
/// Whether a capital sigma becomes ς: a cased letter stands before it and none behind, characters that case ignores not counted
/// (The Unicode Standard, section 3.13, Final_Sigma).
/// </summary>
internal static class FinalSigma
{
    internal static bool IsAt(string text, int at)
    {
        return IsCased(Neighbour(text.AsSpan(0, at), forward: false)) && !IsCased(Neighbour(text.AsSpan(at + 1), forward: true));
    }

    private static Rune? Neighbour(ReadOnlySpan<char> text, bool forward)
    {
        while (!text.IsEmpty)
        {
            Rune rune;
            if (forward)
            {
                Rune.DecodeFromUtf16(text, out rune, out int length);
                text = text[length..];
            }
            else
            {
                Rune.DecodeLastFromUtf16(text, out rune, out int length);
                text = text[..^length];
            }
            if (!IsIgnorable(rune)) { return rune; }
        }
        return null;
    }

    // Cased: upper, lower and title case, and the few letters and marks with the property Other_Lowercase or Other_Uppercase.
    private static bool IsCased(Rune? rune) => rune is { } found && (Rune.GetUnicodeCategory(found) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter || found.Value is
        0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or
        (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189));

    // Case_Ignorable: marks, formats, modifiers, and the word-internal punctuation ' . : · ’ and their like.
    private static bool IsIgnorable(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || rune.Value is '\'' or '.' or ':' or 0xB7 or 0x387 or 0x55F or 0x5F4 or 0x2018 or 0x2019 or 0x2024 or 0x2027 or 0xFE13 or 0xFE52 or 0xFE55
            or 0xFF07 or 0xFF0E or 0xFF1A;
}
