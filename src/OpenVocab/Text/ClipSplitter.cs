using System.Globalization;
using System.Text;

namespace OpenVocab.Text;

/// <summary>
/// Cuts a cleaned, lower-case text into the pieces that BPE works on. Works by code point: .NET's regular expressions see UTF-16 units and go
/// wrong for letters and digits beyond U+FFFF (measured on the reference rows).
/// </summary>
internal static class ClipSplitter
{
    private static readonly string[] s_contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind { Letter, Number, Blank, Dropped, Other }

    /// <summary>The pieces in order. What fits no rule is left out.</summary>
    /// <param name="text">Cleaned and lower-case.</param>
    /// <param name="specials">Whole tokens such as <c>&lt;|endoftext|&gt;</c>; found only where a piece begins.</param>
    internal static IEnumerable<string> Split(string text, IReadOnlyCollection<string> specials)
    {
        int at = 0;
        while (at < text.Length)
        {
            int length = LengthOfPiece(text, at, specials, out bool kept);
            if (kept) { yield return text.Substring(at, length); }
            at += length;
        }
    }

    private static int LengthOfPiece(string text, int at, IReadOnlyCollection<string> specials, out bool kept)
    {
        kept = true;
        foreach (string special in specials)
        {
            if (string.CompareOrdinal(text, at, special, 0, special.Length) == 0) { return special.Length; }
        }
        if (text[at] == '\'' && LengthOfContraction(text, at) is > 0 and var contraction) { return contraction; }
        Kind kind = KindAt(text, at, out int first);
        switch (kind)
        {
            case Kind.Letter:
                return LengthOfRun(text, at, Kind.Letter);
            case Kind.Number:
                return first; // one by one
            case Kind.Other:
                return LengthOfRun(text, at, Kind.Other);
            default:
                kept = false;
                return first;
        }
    }

    private static int LengthOfContraction(string text, int at)
    {
        foreach (string contraction in s_contractions)
        {
            if (string.CompareOrdinal(text, at, contraction, 0, contraction.Length) == 0) { return contraction.Length; }
        }
        // The original matches without regard to case, and the long s folds to s.
        return at + 1 < text.Length && text[at + 1] == '\u017F' ? 2 : 0;
    }

    private static int LengthOfRun(string text, int at, Kind kind)
    {
        int end = at;
        while (end < text.Length && KindAt(text, end, out int length) == kind) { end += length; }
        return end - at;
    }

    private static Kind KindAt(string text, int at, out int length)
    {
        Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out length);
        // Folds to a letter when case is ignored, and is none otherwise: no alternative of the original takes it.
        if (rune.Value == 0x345) { return Kind.Dropped; }
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
                UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Blank : Kind.Other,
        };
    }
}
