using System.Text;
using System.Text.RegularExpressions;

namespace OpenVocab.Text;

/// <summary>
/// Cleans a text as OpenAI's CLIP does before it splits it: ftfy's <c>fix_text</c> without the repair of mojibake, HTML references twice,
/// white space, lower case. Sources: openai/CLIP <c>clip/simple_tokenizer.py</c>, rspeer/python-ftfy 6.3.
/// </summary>
internal static partial class ClipTextCleaner
{
    private static readonly Dictionary<char, string> s_ligatures = new()
    {
        ['\u0132'] = "IJ", ['\u0133'] = "ij", ['\u0149'] = "\u02BCn", ['\u01F1'] = "DZ", ['\u01F2'] = "Dz", ['\u01F3'] = "dz",
        ['\u01C4'] = "D\u017D", ['\u01C5'] = "D\u017E", ['\u01C6'] = "d\u017E", ['\u01C7'] = "LJ", ['\u01C8'] = "Lj", ['\u01C9'] = "lj",
        ['\u01CA'] = "NJ", ['\u01CB'] = "Nj", ['\u01CC'] = "nj", ['\uFB00'] = "ff", ['\uFB01'] = "fi", ['\uFB02'] = "fl",
        ['\uFB03'] = "ffi", ['\uFB04'] = "ffl", ['\uFB05'] = "\u017Ft", ['\uFB06'] = "st",
    };

    /// <summary>Some containers run .NET without ICU: then it composes nothing, without an error, and every accent gets wrong tokens.</summary>
    internal static bool CanNormalize { get; } = "e\u0301".Normalize(NormalizationForm.FormC) == "\u00E9";

    /// <summary>The text that is split. Unpaired surrogates become U+FFFD.</summary>
    internal static string Clean(string text)
    {
        string repaired = Repair(text);
        string unescaped = HtmlEntities.Unescape(HtmlEntities.Unescape(repaired));
        return ToLower(CollapseWhiteSpace(unescaped));
    }

    private static string Repair(string text)
    {
        text = ReplaceLoneSurrogates(text);
        StringBuilder result = new(text.Length);
        bool html = true;
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            string line = text[start..end];
            // Whoever writes a tag writes HTML: from there on references mean what they say.
            if (line.Contains('<', StringComparison.Ordinal)) { html = false; }
            result.Append(RepairLine(line, html));
            start = end;
        }
        return result.ToString();
    }

    private static string RepairLine(string line, bool html)
    {
        while (true)
        {
            string before = line;
            if (html) { line = HtmlEntities.UnescapeStrictly(line); }
            line = ReplaceCharacters(line);
            line = LineBreaks().Replace(line, "\n");
            line = TerminalEscapes().Replace(line, "");
            line = ControlCharacters().Replace(line, "");
            line = line.Normalize(NormalizationForm.FormC);
            if (line == before) { return line; }
        }
    }

    // C1 controls, ligatures, width, quotes: each maps single characters, and none makes a character that an earlier one would take.
    private static string ReplaceCharacters(string line)
    {
        StringBuilder? result = null;
        for (int i = 0; i < line.Length; i++)
        {
            char letter = line[i];
            string? replaced = letter switch
            {
                < '\u0080' => null,
                <= '\u009F' => HtmlEntities.FromWindows1252(letter).ToString(),
                '\u3000' => " ",
                >= '\uFF01' and <= '\uFFEF' => letter.ToString().Normalize(NormalizationForm.FormKC),
                _ => s_ligatures.GetValueOrDefault(letter),
            };
            if (replaced is not null && replaced.Length == 1) { letter = replaced[0]; }
            // After the others: a full-width or Windows-1252 quote is straightened as well.
            char straight = letter switch
            {
                >= '\u201C' and <= '\u201F' => '"',
                '\u02BC' or (>= '\u2018' and <= '\u201B') => '\'',
                _ => letter,
            };
            if (straight != letter) { replaced = straight.ToString(); }
            else if (replaced is { Length: > 1 }) { replaced = replaced.Replace('\u02BC', '\''); }
            if (replaced is not null && result is null) { result = new StringBuilder(line, 0, i, line.Length + 8); }
            if (result is not null) { _ = replaced is null ? result.Append(line[i]) : result.Append(replaced); }
        }
        return result?.ToString() ?? line;
    }

    private static string ReplaceLoneSurrogates(string text)
    {
        if (!text.Any(char.IsSurrogate)) { return text; }
        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) { result.Append(rune.ToString()); }
        return result.ToString();
    }

    private static string CollapseWhiteSpace(string text) => WhiteSpace().Replace(text, " ").Trim(' ');

    // .NET maps code points one by one; the full mapping of Unicode differs for one of them, and for sigma at the end of a word.
    private static string ToLower(string text)
    {
        StringBuilder result = new(text.Length);
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == 0x130) { result.Append("i\u0307"); }
            else if (rune.Value == 0x3A3) { result.Append(FinalSigma.IsAt(text, at) ? '\u03C2' : '\u03C3'); }
            else { result.Append(Rune.ToLowerInvariant(rune).ToString()); }
            at += rune.Utf16SequenceLength;
        }
        return result.ToString();
    }

    [GeneratedRegex(@"\r\n|[\r\u2028\u2029\u0085]")]
    private static partial Regex LineBreaks();

    [GeneratedRegex(@"\x1B\[[0-9;]*[a-zA-Z]")]
    private static partial Regex TerminalEscapes();

    [GeneratedRegex(@"[\u0000-\u0008\u000B\u000E-\u001F\u007F\u206A-\u206F\uFEFF\uFFF9-\uFFFC]")]
    private static partial Regex ControlCharacters();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
