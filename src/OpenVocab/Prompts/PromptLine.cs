using System.Globalization;
using System.Text;

namespace OpenVocab.Prompts;

/// <summary>How classes are written on a command line and in a text file: <c>name</c>, <c>name:threshold</c>, quotes around what is literal.</summary>
internal static class PromptLine
{
    /// <summary>Cuts a line at its commas; a part that was in double quotes keeps them.</summary>
    /// <exception cref="PromptException">A quote is not closed, or there is nothing between two commas.</exception>
    internal static IReadOnlyList<string> Split(string text)
    {
        List<string> parts = [];
        StringBuilder part = new();
        bool quoted = false;
        foreach (char letter in text)
        {
            if (letter == '"') { quoted = !quoted; }
            if (letter == ',' && !quoted)
            {
                parts.Add(part.ToString().Trim());
                part.Clear();
            }
            else { part.Append(letter); }
        }
        if (quoted) { throw new PromptException($"{PromptFaults.Quote(text)}: a double quote is not closed.", "Close it, or leave it out."); }
        parts.Add(part.ToString().Trim());
        // "cat, dog," is a slip that means no third class; an empty place in the middle may be a lost word.
        if (parts.Count > 1 && parts[^1].Length == 0) { parts.RemoveAt(parts.Count - 1); }
        return parts;
    }

    /// <summary>Reads one class.</summary>
    /// <exception cref="PromptException">A colon without a number behind it.</exception>
    internal static ClassPrompt ParseClass(string text)
    {
        text = text.Trim();
        int close = text.StartsWith('"') ? text.IndexOf('"', 1) : -1;
        if (close > 0)
        {
            string name = text[1..close], rest = text[(close + 1)..].Trim();
            return rest.Length == 0 ? new(name) : rest.StartsWith(':') ? new(name) { Threshold = Threshold(text, rest[1..]) } : throw Colon(text);
        }
        int colon = text.LastIndexOf(':');
        return colon < 0 ? new(text) : new(text[..colon].Trim()) { Threshold = Threshold(text, text[(colon + 1)..]) };
    }

    /// <summary>Classes as a person would write them in one line; synonyms are left out.</summary>
    internal static string Join(IEnumerable<ClassPrompt> classes) => string.Join(", ", classes.Select(prompt =>
    {
        string name = prompt.Name.AsSpan().ContainsAny(',', ':') ? $"\"{prompt.Name}\"" : prompt.Name;
        return prompt.Threshold is { } threshold ? Invariant($"{name}:{threshold}") : name;
    }));

    private static float Threshold(string text, string number) =>
        float.TryParse(number.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out float threshold) ? threshold : throw Colon(text);

    private static PromptException Colon(string text) => new(
        $"{PromptFaults.Quote(text)}: what follows the colon is no number.",
        "Write a threshold between 0 and 1 after the colon (person:0.4), or put a name that contains a colon in double quotes.");
}
