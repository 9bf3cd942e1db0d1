using System.CommandLine;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Search;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab index</c>: videos and pictures into an index that <c>openvocab ask</c> asks later.</summary>
internal static class IndexCommand
{
    internal static Command Create()
    {
        IndexCommandOptions options = new();
        Command command = new("index", "Looks at videos and pictures once, so that \"openvocab ask\" finds any words in them later; run again, it looks at what is new or has changed.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(options, parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IndexCommandOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        // Everything that can be wrong is looked at before anything slow begins.
        VideoIndexOptions wanted = options.Read(parsed);
        string place = parsed.GetRequiredValue(options.Output);
        List<SourceException> missing = [];
        List<SourceReference> sources = SourceArguments.Find(parsed.GetRequiredValue(options.Sources), missing);
        foreach (SourceException fault in missing) { RunReport.PrintFault(fault); }
        if (sources.Count == 0) { return ExitCodes.SomeInputsFailed; }
        OutputPlaces.KeepApart(place, sources, "index", "--output");

        bool quiet = parsed.GetValue(options.Quiet);
        using VideoIndexer indexer = VideoIndexer.Load(options.ReadModel(parsed), wanted with { Detector = DetectionOptions.ForFiles(wanted.Detector, sources) });
        RunReport.PrintNotices(indexer.Detector);
        if (!quiet) { RunReport.PrintStart(indexer.Detector); }
        VideoIndexReport report = await RunProgress.WatchAsync(quiet, progress => indexer.RunAsync(place, sources, progress, cancellation));
        if (!quiet) { VideoIndexLines.Print(report, VideoIndex.Describe(place), place); }
        VideoIndexLines.PrintFaults(report);
        if (report.Interrupted) { return ExitCodes.Interrupted; }
        if (missing.Count > 0 || report.Sources.Any(source => source.Error is { Fault: not SourceFault.Damaged })) { return ExitCodes.SomeInputsFailed; }
        return report.Sources.Any(source => source.Error is not null || source.Damage is not null) ? ExitCodes.DamagedInput : ExitCodes.Success;
    }
}
