namespace OpenVocab.Prompts;

/// <summary>
/// Everything that a person says about what to look for: classes with their phrases, background, templates. Immutable; validated when made;
/// equal by value.
/// </summary>
public sealed class PromptSet : IEquatable<PromptSet>
{
    /// <summary>The most phrases of a set, background included: what a detector takes at once.</summary>
    public const int MaxPrompts = 2000;

    /// <summary>Makes a set and checks all of it.</summary>
    /// <param name="classes">At least one, in the order of their ids.</param>
    /// <param name="background">Phrases that compete for every region and are never reported.</param>
    /// <param name="templates">Sentences around a phrase, each with one <c>{}</c>; null: the bundle's own.</param>
    /// <exception cref="PromptException">An empty, double or faulty entry; the message names each of them.</exception>
    public PromptSet(IEnumerable<ClassPrompt> classes, IEnumerable<string>? background = null, IEnumerable<string>? templates = null)
    {
        Classes = [.. classes];
        Background = [.. background ?? []];
        Templates = templates is null ? null : [.. templates];
        PromptFaults.ThrowIfAny(this);
    }

    /// <summary>The classes, in the order of their ids.</summary>
    public IReadOnlyList<ClassPrompt> Classes { get; }

    /// <summary>Phrases that compete for every region and are never reported.</summary>
    public IReadOnlyList<string> Background { get; }

    /// <summary>Sentences around a phrase, each with one <c>{}</c>; their embeddings are averaged. Null: the bundle's own.</summary>
    public IReadOnlyList<string>? Templates { get; }

    /// <summary>Classes that are their own prompts. The names are taken as they are: a colon is a colon.</summary>
    /// <param name="names">At least one.</param>
    /// <exception cref="PromptException">An empty, double or faulty name.</exception>
    public static PromptSet Of(params IEnumerable<string> names) => new(names.Select(name => new ClassPrompt(name)));

    /// <summary>
    /// Reads what a person writes in one line: names between commas, each with a threshold of its own after a colon if wanted, as in
    /// <c>person:0.4, red backpack</c>. A name in double quotes may contain commas and colons: <c>"time: 10:30", clock</c>.
    /// </summary>
    /// <exception cref="PromptException">A colon without a number, an empty or double name; the message names it.</exception>
    public static PromptSet Parse(string text) => new(PromptLine.Split(text).Select(PromptLine.ParseClass));

    /// <inheritdoc/>
    public bool Equals(PromptSet? other) =>
        other is not null && Classes.SequenceEqual(other.Classes) && Background.SequenceEqual(other.Background) &&
        (Templates is null) == (other.Templates is null) && (Templates ?? []).SequenceEqual(other.Templates ?? []);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PromptSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (ClassPrompt prompt in Classes) { hash.Add(prompt); }
        foreach (string phrase in Background) { hash.Add(phrase); }
        foreach (string template in Templates ?? []) { hash.Add(template); }
        return hash.ToHashCode();
    }
}
