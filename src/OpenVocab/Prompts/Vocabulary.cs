namespace OpenVocab.Prompts;

/// <summary>
/// A <see cref="PromptSet"/> with its embeddings: what a detector needs to look for it. Immutable, safe for any number of threads,
/// and independent of the detector that made it as long as the text encoder is the same.
/// </summary>
public sealed class Vocabulary
{
    private readonly float[] _embeddings;
    private readonly int[] _classOfRow;

    /// <summary>Class id of rows that compete and are never reported.</summary>
    internal const int BackgroundRow = -1;

    /// <summary>No classes: what a result holds before its first use.</summary>
    public static Vocabulary Empty { get; } = new(null, [], [], 0, false, []);

    internal Vocabulary(
        PromptSet? prompts, float[] embeddings, int[] classOfRow, int dimensions, bool hasPaddingPrompt, IReadOnlyList<string> unknownWords)
    {
        if (embeddings.Length != classOfRow.Length * dimensions)
        {
            throw new ArgumentException($"{embeddings.Length} numbers are not {classOfRow.Length} rows of {dimensions}.", nameof(embeddings));
        }
        Prompts = prompts;
        _embeddings = embeddings;
        _classOfRow = classOfRow;
        Dimensions = dimensions;
        HasPaddingPrompt = hasPaddingPrompt;
        UnknownWords = unknownWords;
        SuppressionGroups = GroupClasses(Classes);
    }

    /// <summary>What was asked for; null for <see cref="Empty"/> alone.</summary>
    public PromptSet? Prompts { get; }

    /// <summary>The classes, in the order of their ids.</summary>
    public IReadOnlyList<ClassPrompt> Classes => Prompts?.Classes ?? [];

    /// <summary>Rows of <see cref="Embeddings"/>: phrases of all classes, background prompts, the padding prompt.</summary>
    public int Rows => _classOfRow.Length;

    /// <summary>Length of one embedding (512 for CLIP ViT-B/32).</summary>
    public int Dimensions { get; }

    /// <summary>Unit vectors, <see cref="Rows"/> × <see cref="Dimensions"/>, row after row.</summary>
    public ReadOnlySpan<float> Embeddings => _embeddings;

    /// <summary>The class id of each row, or -1 for rows that compete and are never reported.</summary>
    public ReadOnlySpan<int> ClassOfRow => _classOfRow;

    /// <summary>True if a padding prompt (<c>" "</c>) was added: a setting of the bundle.</summary>
    public bool HasPaddingPrompt { get; }

    /// <summary>Words that the text encoder has never seen, in the order of the prompts; its embeddings of them mean little.</summary>
    public IReadOnlyList<string> UnknownWords { get; }

    /// <summary>For each class the id under which it takes part in NMS: its own, or the first of its group.</summary>
    internal int[] SuppressionGroups { get; }

    private static int[] GroupClasses(IReadOnlyList<ClassPrompt> classes)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var groups = new int[classes.Count];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = i;
            if (classes[i].Group is { } group && !first.TryAdd(group, i)) { groups[i] = first[group]; }
        }
        return groups;
    }
}
