namespace OpenVocab;

/// <summary>
/// Counts the native objects that the library holds. The garbage collector sees a few bytes of a Mat or a session, not its
/// megabytes, so a leak shows nowhere else before the machine is full; tests read <see cref="Alive"/>.
/// </summary>
internal static class NativeCount
{
    private static int s_alive;

    internal static int Alive => Volatile.Read(ref s_alive);

    internal static T Track<T>(T native) where T : IDisposable
    {
        Interlocked.Increment(ref s_alive);
        return native;
    }

    internal static void Release(IDisposable native)
    {
        native.Dispose();
        Interlocked.Decrement(ref s_alive);
    }
}
