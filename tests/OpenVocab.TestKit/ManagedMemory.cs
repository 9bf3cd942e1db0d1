namespace OpenVocab.TestKit;

/// <summary>What code takes from the managed heap.</summary>
public static class ManagedMemory
{
    private const int Rounds = 5;

    /// <summary>Bytes that this thread takes in repeated calls of an action, after a few that do not count.</summary>
    /// <param name="calls">How often it is called in a round.</param>
    /// <param name="action">The same each time.</param>
    /// <returns>The least of some rounds: a collection that other tests cause meanwhile can count what is left of this thread's block of memory (up to 8 KB) as taken.</returns>
    public static long TakenBy(int calls, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        for (int warm = 0; warm < 5; warm++) { action(); }
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < calls; i++) { action(); }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
