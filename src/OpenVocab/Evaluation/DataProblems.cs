namespace OpenVocab.Evaluation;

/// <summary>One thing that is wrong with data.</summary>
/// <param name="Place">File and line, or the id of the entry.</param>
/// <param name="Message">What is wrong, with the value, and what was done about it. A sentence without its point.</param>
public readonly record struct DataProblem(string Place, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Message}";
}

/// <summary>What is wrong with data: all are counted, the first are kept.</summary>
/// <remarks>Not safe for several threads while it is filled.</remarks>
public sealed class DataProblems
{
    /// <summary>How many are kept with their words.</summary>
    public const int MostKept = 1000;

    private readonly List<DataProblem> _first = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The first <see cref="MostKept"/> of them.</summary>
    public IReadOnlyList<DataProblem> First => _first;

    internal void Add(string place, string message)
    {
        Count++;
        if (_first.Count < MostKept) { _first.Add(new(place, message)); }
    }
}
