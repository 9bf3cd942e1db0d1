using OpenVocab.Counting;
using OpenVocab.Inference;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;
using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>What a person reads before and after a run.</summary>
internal static class RunReport
{
    private const int MostNames = 12;

    internal static void PrintStart(Detector detector)
    {
        Vocabulary vocabulary = detector.Vocabulary;
        string names = string.Join(", ", vocabulary.Classes.Take(MostNames).Select(prompt => prompt.Name));
        string more = vocabulary.Classes.Count > MostNames ? $" and {vocabulary.Classes.Count - MostNames} more" : "";
        string padding = vocabulary.HasPaddingPrompt ? ", with a padding prompt" : "";
        Say($"Looking for {names}{more} with {detector.Bundle.Name} on {detector.Device.ToString().ToLowerInvariant()}{(detector.DeviceReason is { } reason ? $" ({reason})" : "")}{(detector.Precision == ExecutionPrecision.Quantized ? " in 8 bits" : "")}, {(detector.UsesMinimalRectangle ? "at most " : "")}{detector.InputSize} pixels{padding}.");
    }

    /// <summary>What a person should know of the words before results come: said even to those who want it quiet.</summary>
    internal static void PrintNotices(Detector detector)
    {
        if (detector.BorrowsTextEncoder) { Say($"notice: {detector.Bundle.Name} takes words and brings no text encoder: the small one that comes with OpenVocab stands in, which is only near CLIP ViT-B/32; --text-encoder names a better one."); }
        PrintUnknownWords(detector.Vocabulary);
    }

    private static void PrintUnknownWords(Vocabulary vocabulary)
    {
        if (vocabulary.UnknownWords.Count == 0) { return; }
        Say($"notice: the text encoder has never seen {string.Join(", ", vocabulary.UnknownWords.Select(word => $"\"{word}\""))}: what it makes of such words means little.");
        Say("  → For a full vocabulary use a YOLO-World model with CLIP's own text encoder (--model); docs/prompts.md says more.");
    }

    internal static void PrintSummary(PipelineReport report, IReadOnlyList<FileSink> files)
    {
        int readable = report.Sources.Count(source => source.Error is null);
        Say($"{(report.Interrupted ? "Interrupted after" : "Done:")} {Plural(report.Frames, "frame")} of {Plural(readable, "source")} in " +
            Invariant($"{report.Elapsed.TotalSeconds:0.0} s ({report.FramesPerSecond:0.0} frames/s)."));
        if (report.DetectionsPerClass.Count == 0) { Say("Nothing was found."); }
        else { PrintCounts(report); }
        if (report.Rejected > 0) { Say($"Verification dropped {Plural(report.Rejected, "detection")}."); }
        foreach (SourceReport source in report.Sources) { PrintRegions(source, report.Sources.Count > 1 ? Path.GetFileName(source.Source.Name) : null); }
        if (report.Frames > 0)
        {
            string Each(TimeSpan sum) => Invariant($"{sum.TotalMilliseconds / report.Frames:0.0}");
            Say($"Milliseconds a frame: reading {Each(report.Reading)}, preprocessing {Each(report.Preprocess)}, inference {Each(report.Inference)}, " +
                $"postprocessing {Each(report.Postprocess)}, {(report.Verifying > TimeSpan.Zero ? $"verifying {Each(report.Verifying)}, " : "")}drawing and writing {Each(report.Writing)} (reading, detecting and writing overlap).");
        }
        PrintFiles([.. files.SelectMany(sink => sink.Files)]);
    }

    /// <summary>What went wrong with single sources, and notices: said even to those who want it quiet.</summary>
    internal static void PrintFaults(PipelineReport report, IReadOnlyList<FileSink> files)
    {
        foreach (string notice in files.SelectMany(sink => sink.Notices)) { Say($"notice: {notice}"); }
        if (report.NonFinite > 0) { Say($"warning: the network gave {report.NonFinite} scores or boxes that are no numbers; the model may be damaged."); }
        foreach (SourceReport source in report.Sources)
        {
            if (source.Error is { } error) { PrintFault(error); }
            if (source.Damage is { } damage) { Say($"warning: {source.Source.Name}: {damage}"); }
        }
    }

    internal static void PrintFault(SourceException fault)
    {
        Say($"error: {fault.Message}");
        Say($"  → {fault.Remedy}");
    }

    private static void PrintCounts(PipelineReport report)
    {
        Table table = new Table().Border(Screen.IsTerminal ? TableBorder.Rounded : TableBorder.None).AddColumn("class").AddColumn(new TableColumn("detections").RightAligned());
        foreach ((string name, long count) in report.DetectionsPerClass) { table.AddRow(name.EscapeMarkup(), Invariant($"{count}")); }
        Screen.Error.Write(table);
    }

    /// <summary>What was counted in one source.</summary>
    internal static void PrintRegions(SourceReport source, string? name)
    {
        foreach (RegionCounts region in source.Counts)
        {
            string where = name is null ? region.Region.Name : $"{name}, {region.Region.Name}";
            if (region.Classes.Count == 0) { Say($"{where}: nothing was counted."); }
            foreach (ClassCounts found in region.Classes)
            {
                string zone = region.Region is CountZone
                    ? Invariant($", {found.Inside} inside at the end; {found.MeanDwell.TotalSeconds:0.0} s on average, {found.LongestDwell.TotalSeconds:0.0} s at most")
                    : "";
                Say($"{where}: {found.Class}: {found.In} in, {found.Out} out{zone}.");
            }
        }
    }

    internal static void PrintFiles(IReadOnlyList<string> files)
    {
        if (files.Count == 0) { return; }
        if (files.Count <= MostNames)
        {
            foreach (string file in files) { Say($"Written: {file}"); }
            return;
        }
        foreach (IGrouping<string?, string> folder in files.GroupBy(Path.GetDirectoryName)) { Say($"Written: {Plural(folder.Count(), "file")} in {(folder.Key is { Length: > 0 } name ? name : ".")}"); }
    }

    private static string Plural(long count, string noun) => Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");

    private static void Say(string line) => Screen.Error.WriteLine(line);
}
