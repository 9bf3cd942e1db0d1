using System.Globalization;
using System.Text;

namespace OpenVocab.Sources;

/// <summary>What the time stamps of all packets say about a video whose header claims a constant rate.</summary>
/// <param name="Count">How many packets of pictures there are.</param>
/// <param name="AreRegular">True if they follow each other at the claimed rate, but for the rounding of the container's clock.</param>
internal sealed record PacketTimes(long Count, bool AreRegular)
{
    /// <summary>Reads ffprobe's list of time stamps, a number a line.</summary>
    /// <param name="list">In the order of the file, which is not the order of the pictures.</param>
    /// <param name="rate">What the header claims.</param>
    /// <param name="clock">The container's time base as a fraction of a second.</param>
    internal static PacketTimes Parse(ReadOnlySpan<byte> list, FrameRate rate, FrameRate? clock)
    {
        List<long> stamps = [];
        long packets = 0;
        foreach (string line in Encoding.ASCII.GetString(list).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            packets++;
            if (long.TryParse(line.AsSpan().Trim().TrimEnd(','), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long stamp)) { stamps.Add(stamp); }
        }
        stamps.Sort();
        double unit = clock is { } known ? known.PerSecond : 0.001;
        bool regular = stamps.Count == packets;
        for (int i = 0; i < stamps.Count && regular; i++)
        {
            // Both ends are rounded to the clock: one unit in all.
            regular = Math.Abs((stamps[i] - stamps[0]) * unit - i / rate.PerSecond) <= 1.01 * unit;
        }
        return new(packets, regular);
    }
}
