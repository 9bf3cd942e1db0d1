namespace OpenVocab.Search;

/// <summary>A vector that is near to a query.</summary>
/// <param name="Id">What the table calls it.</param>
/// <param name="Score">Inner product of the unit vectors: the cosine, -1 to 1.</param>
internal readonly record struct Neighbour(long Id, float Score) : IComparable<Neighbour>
{
    /// <summary>Better ones are smaller: they come first.</summary>
    public int CompareTo(Neighbour other) => Score != other.Score ? other.Score.CompareTo(Score) : Id.CompareTo(other.Id);
}

/// <summary>The best of all that were offered, a bounded number of them: a heap with the worst on top, which a better one replaces.</summary>
/// <param name="capacity">At least 1.</param>
internal sealed class Neighbours(int capacity)
{
    private readonly Neighbour[] _heap = new Neighbour[capacity];
    private int _count;

    internal int Capacity => _heap.Length;

    internal void Offer(long id, float score)
    {
        // Nearly all fail here.
        if (_count == _heap.Length && score < _heap[0].Score) { return; }
        Offer(new Neighbour(id, score));
    }

    /// <summary>Takes over what another one kept.</summary>
    internal void Add(Neighbours other)
    {
        for (int i = 0; i < other._count; i++) { Offer(other._heap[i]); }
    }

    internal IReadOnlyList<Neighbour> Sorted()
    {
        Neighbour[] sorted = _heap[.._count];
        Array.Sort(sorted);
        return sorted;
    }

    private void Offer(Neighbour offered)
    {
        if (_count < _heap.Length) { Rise(_count++, offered); }
        else if (offered.CompareTo(_heap[0]) < 0) { Sink(offered); }
    }

    private void Rise(int place, Neighbour offered)
    {
        for (; place > 0 && offered.CompareTo(_heap[(place - 1) / 2]) > 0; place = (place - 1) / 2) { _heap[place] = _heap[(place - 1) / 2]; }
        _heap[place] = offered;
    }

    private void Sink(Neighbour offered)
    {
        int place = 0;
        for (int worse = 1; worse < _count; worse = 2 * place + 1)
        {
            if (worse + 1 < _count && _heap[worse + 1].CompareTo(_heap[worse]) > 0) { worse++; }
            if (_heap[worse].CompareTo(offered) <= 0) { break; }
            _heap[place] = _heap[worse];
            place = worse;
        }
        _heap[place] = offered;
    }
}
