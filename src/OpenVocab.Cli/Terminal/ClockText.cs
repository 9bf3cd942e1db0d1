namespace OpenVocab.Cli.Terminal;

/// <summary>Times of a video as people write them: <c>h:mm:ss</c>.</summary>
internal static class ClockText
{
    internal static string Of(TimeSpan time) => Invariant($"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
