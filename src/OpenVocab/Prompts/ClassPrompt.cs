namespace OpenVocab.Prompts;

/// <summary>One class as a person wrote it. Immutable; equal by value.</summary>
/// <param name="Name">What results call it.</param>
public sealed record ClassPrompt(string Name)
{
    /// <summary>The phrases that stand for it, at least one; the best of them gives the score. Default: the name alone.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [Name];

    /// <summary>Own score threshold, 0 to 1, or null for the detector's.</summary>
    public float? Threshold { get; init; }

    /// <summary>Own colour in drawings as <c>#rrggbb</c>, or null for the palette's.</summary>
    public string? Color { get; init; }

    /// <summary>Classes of one group suppress each other in NMS; null: the class stands alone.</summary>
    public string? Group { get; init; }

    /// <inheritdoc/>
    public bool Equals(ClassPrompt? other) =>
        other is not null && Name == other.Name && Threshold.Equals(other.Threshold) && Color == other.Color &&
        Group == other.Group && Prompts.SequenceEqual(other.Prompts);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = new();
        hash.Add(Name);
        hash.Add(Threshold);
        foreach (string prompt in Prompts) { hash.Add(prompt); }
        return hash.ToHashCode();
    }
}
