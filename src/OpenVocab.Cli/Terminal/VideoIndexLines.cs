using OpenVocab.Search;
using OpenVocab.Sources;
using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>What a person reads after videos were put into an index.</summary>
internal static class VideoIndexLines
{
    internal static void Print(VideoIndexReport report, VideoIndexDescription index, string place)
    {
        int looked = report.Sources.Count(source => source.Error is null);
        string unchanged = report.Unchanged > 0 ? $", {Count(report.Unchanged, "source")} unchanged" : "";
        string rate = report.Frames > 0 ? Invariant($" ({report.Frames / Math.Max(report.Elapsed.TotalSeconds, 1e-3):0.0} frames/s{(report.VideoTime > TimeSpan.Zero ? Invariant($", {report.VideoTime / report.Elapsed:0.0} times as fast as it plays") : "")})") : "";
        if (looked == 0 && report.Unchanged > 0 && !report.Interrupted) { Screen.Error.WriteLine($"Nothing is new: {Count(report.Unchanged, "source")} unchanged."); }
        else { Screen.Error.WriteLine($"{(report.Interrupted ? "Interrupted after" : "Done:")} {Count(report.Frames, "frame")} of {Count(looked, "source")}{unchanged} in {Invariant($"{report.Elapsed.TotalSeconds:0.0}")} s{rate}."); }
        if (report.Frames > 0) { Screen.Error.WriteLine($"{Count(report.Things, "thing")} with {Count(report.Views, "view")}."); }
        double megabytes = new FileInfo(place).Length / 1e6;
        Screen.Error.WriteLine($"{place}: {Count(index.Sources, "source")}, {Count(index.Things, "thing")}, {Count(index.Views, "view")} by {index.Model.Name}; {Invariant($"{megabytes:0.0}")} MB.");
        if (report.Interrupted) { Screen.Error.WriteLine("What was done is in the index; the same command goes on from there, with the source that was interrupted from its start."); }
    }

    /// <summary>What went wrong with single sources: said even to those who want it quiet.</summary>
    internal static void PrintFaults(VideoIndexReport report)
    {
        if (report.NonFinite > 0) { Screen.Error.WriteLine(Invariant($"warning: the network gave {report.NonFinite} scores, boxes or regions that are no numbers; the model may be damaged.")); }
        foreach (SourceReport source in report.Sources)
        {
            if (source.Error is { } error) { RunReport.PrintFault(error); }
            if (source.Damage is { } damage) { Screen.Error.WriteLine($"warning: {source.Source.Name}: {damage}"); }
        }
    }

    private static string Count(long count, string noun) => Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");
}
