using System.Globalization;
using System.Text;
using OpenCvSharp;

namespace OpenVocab.Drawing;

/// <summary>Texts as OpenCV's own letters can show them: ASCII, and nothing of another script.</summary>
internal static class DrawnText
{
    internal const HersheyFonts Font = HersheyFonts.HersheySimplex;

    private const string Omission = "...";

    /// <summary>The text, its accents dropped where that makes it ASCII; null where it does not.</summary>
    internal static string? ToAscii(string text)
    {
        if (Ascii.IsValid(text)) { return text; }
        string bare = string.Concat(text.Normalize(NormalizationForm.FormD).Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark));
        return Ascii.IsValid(bare) ? bare : null;
    }

    /// <summary>The text with a question mark for each letter that cannot be shown.</summary>
    internal static string Readable(string text)
    {
        // What a name of a file consists of need not be well-formed, and only that can be taken apart.
        string whole = string.Concat(text.EnumerateRunes().Select(letter => letter.ToString()));
        return ToAscii(whole) is { } ascii
            ? string.Concat(ascii.Select(letter => char.IsControl(letter) ? '?' : letter))
            : string.Concat(whole.EnumerateRunes().Select(letter => ToAscii(letter.ToString()) is { Length: > 0 } ascii && !char.IsControl(ascii[0]) ? ascii : "?"));
    }

    /// <summary>As much of a text as fits, from its end: of a path that is what tells it from others.</summary>
    /// <param name="text">ASCII.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="scale">Of the font.</param>
    /// <param name="stroke">Width of its lines.</param>
    internal static string Tail(string text, int width, double scale, int stroke)
    {
        if (WidthOf(text, scale, stroke) <= width) { return text; }
        (int shown, int tooMany) = (0, text.Length);
        while (tooMany - shown > 1)
        {
            int middle = (shown + tooMany) / 2;
            if (WidthOf(Omission + text[^middle..], scale, stroke) <= width) { shown = middle; }
            else { tooMany = middle; }
        }
        return Omission + text[^shown..];
    }

    private static int WidthOf(string text, double scale, int stroke) => Cv2.GetTextSize(text, Font, scale, stroke, out _).Width;
}
