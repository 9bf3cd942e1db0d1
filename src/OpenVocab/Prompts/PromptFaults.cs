using System.Text.RegularExpressions;

namespace OpenVocab.Prompts;

/// <summary>The rules of a <see cref="PromptSet"/>. All faults are reported together, so that a person repairs a list once.</summary>
internal static partial class PromptFaults
{
    private const int LongestText = 1000;
    private const int MostReported = 10;

    internal static void ThrowIfAny(PromptSet prompts)
    {
        List<string> faults = [.. Find(prompts).Distinct()];
        if (faults.Count == 0) { return; }
        string more = faults.Count > MostReported ? $" (and {faults.Count - MostReported} more)" : "";
        throw new PromptException(
            string.Join(" ", faults.Take(MostReported)) + more,
            "Give names between commas, each once, such as \"person, red backpack\".");
    }

    /// <summary>A text as a message shows it: in quotes, short, control characters visible.</summary>
    internal static string Quote(string text)
    {
        string shown = string.Concat(text.Take(60).Select(letter => char.IsControl(letter) ? Invariant($"\\u{(int)letter:x4}") : letter.ToString()));
        return text.Length > 60 ? $"\"{shown}…\"" : $"\"{shown}\"";
    }

    private static IEnumerable<string> Find(PromptSet prompts)
    {
        if (prompts.Classes.Count == 0) { yield return "The list of classes is empty; at least one is needed."; }
        int phrases = prompts.Classes.Sum(prompt => prompt.Prompts.Count) + prompts.Background.Count;
        if (phrases > PromptSet.MaxPrompts) { yield return $"There are {phrases} prompts; at most {PromptSet.MaxPrompts} are possible."; }
        HashSet<string> names = new(StringComparer.Ordinal);
        Dictionary<string, string> owners = new(StringComparer.Ordinal);
        foreach (ClassPrompt prompt in prompts.Classes)
        {
            bool twice = !names.Add(prompt.Name.Trim());
            if (twice && !string.IsNullOrWhiteSpace(prompt.Name)) { yield return $"The class {Quote(prompt.Name)} is named twice."; }
            // Its own prompts would be there twice as well: that is the same fault.
            foreach (string fault in InClass(prompt, twice ? new(StringComparer.Ordinal) : owners)) { yield return fault; }
        }
        foreach (string phrase in prompts.Background)
        {
            if (InText("background prompt", phrase, blankAllowed: true) is { } fault) { yield return fault; }
            if (!owners.TryAdd(phrase, "the background")) { yield return $"The prompt {Quote(phrase)} stands for {owners[phrase]} and for the background."; }
        }
        foreach (string fault in InTemplates(prompts.Templates)) { yield return fault; }
    }

    private static IEnumerable<string> InClass(ClassPrompt prompt, Dictionary<string, string> owners)
    {
        if (InText("class", prompt.Name) is { } fault) { yield return fault; }
        if (prompt.Prompts.Count == 0) { yield return $"The class {Quote(prompt.Name)} has no prompts; at least one is needed."; }
        foreach (string phrase in prompt.Prompts)
        {
            if (phrase != prompt.Name && InText("prompt", phrase) is { } phraseFault) { yield return phraseFault; }
            if (!owners.TryAdd(phrase.Trim(), Quote(prompt.Name)) && owners[phrase.Trim()] is { } owner)
            {
                yield return owner == Quote(prompt.Name)
                    ? $"The class {owner} has the prompt {Quote(phrase)} twice."
                    : $"The prompt {Quote(phrase)} stands for {owner} and for {Quote(prompt.Name)}.";
            }
        }
        if (prompt.Threshold is { } threshold && threshold is not (>= 0f and <= 1f))
        {
            yield return Invariant($"The threshold of {Quote(prompt.Name)} is {threshold}; it must lie between 0 and 1.");
        }
        if (prompt.Color is { } color && !HexColor().IsMatch(color))
        {
            yield return $"The colour of {Quote(prompt.Name)} is {Quote(color)}; it must be written as #rrggbb.";
        }
    }

    private static IEnumerable<string> InTemplates(IReadOnlyList<string>? templates)
    {
        if (templates is { Count: 0 }) { yield return "The list of templates is empty; leave it out, or give at least one."; }
        foreach (string template in templates ?? [])
        {
            int slots = template.Split("{}").Length - 1;
            if (slots != 1) { yield return $"The template {Quote(template)} has {slots} places marked {{}}; it must have one."; }
            else if (InText("template", template) is { } fault) { yield return fault; }
        }
    }

    private static string? InText(string what, string text, bool blankAllowed = false)
    {
        if (!blankAllowed && string.IsNullOrWhiteSpace(text)) { return $"A {what} is empty."; }
        if (text.Any(char.IsControl)) { return $"The {what} {Quote(text)} contains a control character."; }
        return text.Length > LongestText ? $"The {what} {Quote(text)} has {text.Length} characters; at most {LongestText} are possible." : null;
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$")]
    private static partial Regex HexColor();
}
