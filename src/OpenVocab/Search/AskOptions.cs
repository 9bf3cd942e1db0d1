namespace OpenVocab.Search;

/// <summary>How an index of videos is asked. Immutable; change it by <c>with</c>.</summary>
public sealed record AskOptions
{
    /// <summary>The most answers of a question.</summary>
    public const int MostAnswers = 10_000;

    /// <summary>Scores must be greater, 0 to 1; words may have a threshold of their own. Null: the model's (0.25).</summary>
    public float? MinScore { get; init; }

    /// <summary>The most answers, 1 to <see cref="MostAnswers"/>. Default 50.</summary>
    public int Count { get; init; } = 50;

    /// <summary>Reports every fault at once.</summary>
    internal AskOptions Validated()
    {
        List<string> faults = [];
        if (MinScore is { } score && score is not (>= 0f and <= 1f)) { faults.Add(Invariant($"MinScore is {score}; it must lie between 0 and 1.")); }
        if (Count is < 1 or > MostAnswers) { faults.Add($"Count is {Count}; it must lie between 1 and {MostAnswers}."); }
        return faults.Count == 0 ? this : throw new ArgumentException("The question cannot be asked: " + string.Join(" ", faults));
    }
}
