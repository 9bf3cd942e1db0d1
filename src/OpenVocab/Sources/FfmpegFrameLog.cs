using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenVocab.Sources;

/// <summary>
/// Reads the standard error of a decoding ffmpeg: the time stamp of every frame (filter <c>showinfo</c>) and complaints (level error and worse). The
/// filter writes a frame's line before the frame's bytes come out, so whoever has the bytes waits for the line a moment at most.
/// </summary>
internal sealed partial class FfmpegFrameLog
{
    private readonly BlockingCollection<LoggedFrame> _frames = [];
    private (long Numerator, long Denominator) _timeBase = (0, 1);
    private TimeSpan? _previous;

    /// <summary>How many complaints there were.</summary>
    internal int Complaints { get; private set; }

    /// <summary>The first of them, or null.</summary>
    internal string? FirstComplaint { get; private set; }

    /// <summary>The last of them, or null: a stream that is joined in the middle begins with complaints that mean nothing.</summary>
    internal string? LastComplaint { get; private set; }

    /// <summary>The first warning, or null: some failures of the network are no more than that.</summary>
    internal string? FirstWarning { get; private set; }

    /// <summary>Takes one line.</summary>
    internal void Read(string line)
    {
        if (FrameLine().Match(line) is { Success: true } frame)
        {
            _frames.Add(new(TimeOf(frame.Groups[1].Value), SideOf(frame.Groups[2]), SideOf(frame.Groups[3])));
        }
        else if (TimeBaseLine().Match(line) is { Success: true } config)
        {
            _timeBase = (long.Parse(config.Groups[1].ValueSpan, CultureInfo.InvariantCulture), long.Parse(config.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        }
        else if (ComplaintLine().Match(line) is { Success: true } complaint)
        {
            Complaints++;
            LastComplaint = complaint.Groups[1].Value.Trim();
            FirstComplaint ??= LastComplaint;
        }
        else if (WarningLine().Match(line) is { Success: true } warning) { FirstWarning ??= warning.Groups[1].Value.Trim(); }
    }

    /// <summary>No further line comes.</summary>
    internal void Complete() => _frames.CompleteAdding();

    /// <summary>The next frame; null where none was announced in time.</summary>
    internal LoggedFrame? Take(TimeSpan patience) => _frames.TryTake(out LoggedFrame frame, patience) ? frame : null;

    /// <summary>The next frame, however long it takes; null at the end.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal LoggedFrame? Take(CancellationToken cancellationToken) => _frames.TryTake(out LoggedFrame frame, Timeout.Infinite, cancellationToken) ? frame : null;

    private static int SideOf(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    private TimeSpan? TimeOf(string stamp)
    {
        if (_timeBase.Numerator == 0 || !long.TryParse(stamp, CultureInfo.InvariantCulture, out long pts)) { return null; }
        // Rounded to the tick of 100 ns; 128 bits, because time bases of 1/90000 and days of video meet here.
        Int128 ticks = ((Int128)pts * _timeBase.Numerator * TimeSpan.TicksPerSecond * 2 / _timeBase.Denominator + 1) / 2;
        TimeSpan time = TimeSpan.FromTicks((long)Int128.Max(ticks, 0));
        // Damaged files repeat stamps; time does not run backwards.
        if (_previous is { } previous && time < previous) { time = previous; }
        _previous = time;
        return time;
    }

    [GeneratedRegex(@"^\[Parsed_showinfo_\S+ @ \S+\] \[info\] n: *\d+ pts: *(-?\d+|NOPTS) .* s:(\d{1,9})x(\d{1,9}) ")]
    private static partial Regex FrameLine();

    [GeneratedRegex(@"^\[Parsed_showinfo_\S+ @ \S+\] \[info\] config in time_base: (\d{1,12})/(\d{1,12}),")]
    private static partial Regex TimeBaseLine();

    [GeneratedRegex(@"^(?:\[[^\]]* @ \S+\] )?\[(?:error|fatal|panic)\] (.*)$")]
    private static partial Regex ComplaintLine();

    [GeneratedRegex(@"^(?:\[[^\]]* @ \S+\] )?\[warning\] (.*)$")]
    private static partial Regex WarningLine();
}

/// <summary>A frame as ffmpeg announces it.</summary>
/// <param name="Time">Its time stamp; null where the stream has none.</param>
/// <param name="Width">In pixels, before scaling.</param>
/// <param name="Height">In pixels, before scaling.</param>
internal readonly record struct LoggedFrame(TimeSpan? Time, int Width, int Height);
