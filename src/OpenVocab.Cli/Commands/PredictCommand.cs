using System.CommandLine;
using OpenVocab.Clip;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab predict</c>: words and sources in, boxes in every wanted form out.</summary>
internal static class PredictCommand
{
    internal static Command Create()
    {
        PredictOptions options = new();
        Command command = new("predict", "Finds things in pictures, videos and cameras, and writes annotated copies and data.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(options, parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(PredictOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        // Everything that can be wrong is looked at before anything slow begins.
        PromptSet? prompts = options.Detection.ReadPrompts(parsed);
        DetectorOptions detectorOptions = options.Detection.ReadDetectorOptions(parsed);
        SourceOptions sourceOptions = options.ReadSourceOptions(parsed);
        FollowSettings follow = options.Tracking.Read(parsed);
        VerifierOptions? verify = options.Verifying.Read(parsed);
        IReadOnlyList<string> formats = options.ReadFormats(parsed);
        List<SourceException> missing = [];
        List<SourceReference> sources = SourceArguments.Find(parsed.GetRequiredValue(options.Sources), missing);
        foreach (SourceException fault in missing) { RunReport.PrintFault(fault); }
        if (sources.Count == 0) { return ExitCodes.SomeInputsFailed; }
        OutputPlaces.KeepApart(parsed.GetValue(options.JsonLines), sources);

        bool quiet = parsed.GetValue(options.Quiet);
        using Detector detector = options.Detection.Open(parsed, DetectionOptions.ForFiles(detectorOptions, sources), prompts);
        using ClipImageEncoder? clip = options.Verifying.Open(parsed, detectorOptions);
        DetectionVerifier? verifier = clip is null ? null : new(clip, verify);
        verifier?.Prepare(detector.Vocabulary);
        RunReport.PrintNotices(detector);
        if (!quiet) { RunReport.PrintStart(detector); }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        string folder = formats.Count > 0 ? parsed.GetValue(options.SaveDir) ?? RunFolder.Next(Path.Combine("runs", "predict")) : "";
        List<FileSink> files = [.. formats.SelectMany(format => ResultFormats.Create(format, folder, new() { Scores = parsed.GetValue(options.SaveConfidence) }))];
        bool hasReader = true;
        void Leave()
        {
            hasReader = false;
            stop.Cancel();
        }
        if (parsed.GetValue(options.JsonLines) is { } lines)
        {
            files.Add(lines == "-" ? new JsonLinesSink(StandardStream.OpenOutput(Leave)) : new JsonLinesSink(lines));
        }
        List<IResultSink> sinks = [.. files];
        if (parsed.GetValue(options.Show)) { sinks.Add(new WindowSink(stop.Cancel)); }

        Pipeline pipeline = Pipeline.From(sources).Detect(detector).Follow(() => follow).To(sinks).With(new() { Source = sourceOptions });
        if (verifier is not null) { pipeline = pipeline.Verify(verifier); }
        PipelineReport report = await RunProgress.WatchAsync(quiet, progress => pipeline.RunAsync(progress, stop.Token));
        if (!quiet) { RunReport.PrintSummary(report, files); }
        RunReport.PrintFaults(report, files);
        return !hasReader && !cancellation.IsCancellationRequested ? ExitCodes.OutputClosed : ExitCodeOf(report, missing.Count > 0, cancellation.IsCancellationRequested);
    }

    // A window that was closed is an ordinary end; Ctrl-C is not.
    private static int ExitCodeOf(PipelineReport report, bool anyMissing, bool interrupted)
    {
        if (interrupted) { return ExitCodes.Interrupted; }
        if (anyMissing || report.Sources.Any(source => source.Error is { Fault: not SourceFault.Damaged })) { return ExitCodes.SomeInputsFailed; }
        return report.Sources.Any(source => source.Error is not null || source.Damage is not null) ? ExitCodes.DamagedInput : ExitCodes.Success;
    }
}
