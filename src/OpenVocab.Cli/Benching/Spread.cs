namespace OpenVocab.Cli.Benching;

/// <summary>What repeated timings come to, in milliseconds.</summary>
/// <param name="Median">Half of them are shorter.</param>
/// <param name="P95">19 of 20 are shorter.</param>
internal readonly record struct Spread(double Median, double P95)
{
    internal static Spread Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(time => time.TotalMilliseconds).Order()];
        return new(sorted[sorted.Length / 2], sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * 0.95))]);
    }
}
