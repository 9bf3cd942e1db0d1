using System.Globalization;
using System.Text;

namespace OpenVocab.Cli.Plots;

/// <summary>Names as a picture can show them: one line, of bounded length.</summary>
internal static class PlotText
{
    internal const int LongestName = 24, LongestTitle = 48;

    // An emoji of several parts, or a letter with its accents; more is a name that was made to do harm.
    private const int LongestCharacter = 16;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>
    /// A name on one line. What is no letter but a command (line breaks, other control characters, changes of direction) becomes a space; half a surrogate pair becomes U+FFFD.
    /// </summary>
    /// <param name="text">Anything.</param>
    /// <param name="most">The most characters that a person would count (emoji and accents with their parts as one); a longer name ends with an ellipsis, which counts as one.</param>
    internal static string Shown(string text, int most = LongestName)
    {
        StringBuilder clean = new();
        foreach (Rune rune in text.EnumerateRunes().Take(LongestCharacter * (most + 1))) { clean.Append(IsCommand(rune) ? " " : rune.ToString()); }
        string line = clean.ToString().Trim();
        List<string> characters = [];
        for (TextElementEnumerator all = StringInfo.GetTextElementEnumerator(line); characters.Count <= most && all.MoveNext();)
        {
            string character = all.GetTextElement();
            characters.Add(character.Length <= LongestCharacter ? character : "\uFFFD");
        }
        return characters.Count <= most ? string.Concat(characters) : string.Concat(characters.Take(most - 1)).TrimEnd() + "…";
    }

    private static bool IsCommand(Rune rune) => rune.Value != ZeroWidthJoiner && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
