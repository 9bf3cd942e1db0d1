using System.CommandLine;
using Microsoft.Extensions.Logging;
using OpenVocab.Cli.Live;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Server;
using OpenVocab.Server.Events;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab live</c>: cameras and streams, in windows or without, with words that change while it runs.</summary>
internal sealed class LiveCommand
{
    private readonly DetectionOptions _detection = new();
    private readonly TrackingOptions _tracking = new();
    private readonly LiveSourceOptions _live = new();
    private readonly EventOptions _events = new();

    private readonly Argument<string[]> _sources = new("source")
    {
        Description = "Cameras (0, /dev/video0), addresses of streams (rtsp://…, http://…), video files (they loop at their own rate); NAME=SOURCE gives one a name.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _show = new("--show") { Description = "Show each source in a window: c types other words, q ends. Default where there is a display and nothing else was asked for." };

    private readonly Option<string?> _jsonLines = new("--jsonl") { Description = "Add a JSON line per frame to this file; - for standard output. Default where there is no display and nothing else was asked for: -.", HelpName = "FILE" };

    private readonly Option<string?> _record = new("--record") { Description = "Record into this folder, with the detections drawn in, a file after another.", HelpName = "FOLDER" };

    private readonly Option<double> _segment = new("--segment") { Description = "Length of a recording in minutes.", DefaultValueFactory = _ => 10, HelpName = "MINUTES" };

    private readonly Option<int> _keep = new("--keep") { Description = "The newest recordings of each source that are kept; older ones of this run are deleted.", DefaultValueFactory = _ => 144, HelpName = "N" };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Losses and errors only." };

    internal static Command Create()
    {
        LiveCommand live = new();
        Command command = new("live", "Detects in cameras and streams as they come. Lines on standard input change the words: /classes cat, dog; /quit ends.");
        command.Arguments.Add(live._sources);
        foreach (Option option in (Option[])[live._show, live._jsonLines, live._record, live._segment, live._keep, live._quiet]) { command.Options.Add(option); }
        live._detection.AddTo(command);
        live._tracking.AddTo(command);
        live._live.AddTo(command);
        live._events.AddTo(command);
        UnknownOptions.Refuse(command, live._sources);
        command.SetAction(live.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        // Everything that can be wrong is looked at before anything slow begins.
        PromptSet? prompts = _detection.ReadPrompts(parsed);
        DetectorOptions detectorOptions = _detection.ReadDetectorOptions(parsed) with { Spins = false };
        SourceOptions sourceOptions = _live.Read(parsed) with { Loop = true };
        FollowSettings follow = _tracking.Read(parsed);
        PresenceOptions presence = _events.ReadPresence(parsed);
        RollingOptions rolling = new()
        {
            Segment = ReadSegment(parsed.GetValue(_segment)),
            Keep = OptionRange.Check("--keep", parsed.GetValue(_keep), 1, 1_000_000),
        };
        List<(StreamDefinition Stream, SourceReference Source)> streams = [.. StreamNames.Read(parsed.GetRequiredValue(_sources)).Select(stream => (stream, FrameSources.FindLive(stream.Source) with { Label = stream.Id }))];
        OutputPlaces.KeepApart(parsed.GetValue(_jsonLines), streams.Select(stream => stream.Source));
        if (parsed.GetValue(_record) is { } recorded) { OutputPlaces.Prepare(recorded, "--record"); }
        IReadOnlyList<IEventTarget> targets = _events.ReadTargets(parsed);

        bool quiet = parsed.GetValue(_quiet);
        LiveScreen screen = new(quiet);
        using Detector detector = _detection.Open(parsed, detectorOptions, prompts);
        RunReport.PrintNotices(detector);
        if (!quiet) { RunReport.PrintStart(detector); }
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        LiveWords words = new(detector, screen.Say);
        WindowControls controls = new(stop.Cancel, words.Change);
        using ILoggerFactory logs = LoggerFactory.Create(logging => logging.AddProvider(new ScreenLogs(screen)));
        await using EventQueue queue = new(targets, logs.CreateLogger("events"));
        (bool show, string? lines) = ChooseOutput(parsed, targets.Count > 0);
        bool hasReader = true;
        void Leave()
        {
            hasReader = false;
            stop.Cancel();
        }
        await using SharedLines? output = lines is null ? null : new(lines == "-" ? StandardStream.OpenOutput(Leave) : OpenLines(lines), stop.Cancel);
        List<RollingVideoSink> recordings = [];

        IReadOnlyList<IResultSink> SinksOf(StreamDefinition stream)
        {
            List<IResultSink> sinks = [];
            if (output is not null) { sinks.Add(new JsonLinesSink(output)); }
            if (parsed.GetValue(_record) is { } folder)
            {
                recordings.Add(new RollingVideoSink(folder, stream.Id, rolling));
                sinks.Add(recordings[^1]);
            }
            if (targets.Count > 0) { sinks.Add(new PresenceSink(stream.Id, presence, queue.Tell)); }
            if (show) { sinks.Add(new WindowSink(controls)); }
            return sinks;
        }

        new LineCommands(words, stop.Cancel, screen.Say).Listen(Console.In);
        LiveSession session = new(new BatchingDetector(detector), pipeline => pipeline.Follow(() => follow), sourceOptions, screen);
        int[] ends = await session.RunAsync([.. streams.Select(stream => (stream.Stream, stream.Source, SinksOf(stream.Stream)))], stop.Token);
        if (!quiet)
        {
            foreach (string file in recordings.SelectMany(recording => recording.Files)) { screen.Say($"Written: {file}"); }
        }
        if (cancellation.IsCancellationRequested) { return ExitCodes.Interrupted; }
        if (!hasReader) { return ExitCodes.OutputClosed; }
        return ends.Contains(ExitCodes.Usage) ? ExitCodes.Usage : ends.Max();
    }

    private static TimeSpan ReadSegment(double minutes) => minutes is >= 1.0 / 60 and <= 1440
        ? TimeSpan.FromMinutes(minutes)
        : throw new ArgumentException(Invariant($"--segment is {minutes}; a recording has between 0.017 minutes (1 second) and 1440 (a day)."));

    private (bool Show, string? Lines) ChooseOutput(ParseResult parsed, bool events)
    {
        bool show = parsed.GetValue(_show);
        string? lines = parsed.GetValue(_jsonLines);
        if (show || lines is not null || events || parsed.GetValue(_record) is not null) { return (show, lines); }
        bool display = !OperatingSystem.IsLinux() || HasVariable("DISPLAY") || HasVariable("WAYLAND_DISPLAY");
        return display ? (true, null) : (false, "-");
    }

    private static bool HasVariable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };

    // Added to, line by line: somebody may read it while it grows. Without a buffer, whose rest would fail a second time where the disk is full.
    private static FileStream OpenLines(string path)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) { Directory.CreateDirectory(folder); }
            return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SinkException($"{path}: the file cannot be written: {fault.Message}", "Choose another path with --jsonl.", fault);
        }
    }
}
