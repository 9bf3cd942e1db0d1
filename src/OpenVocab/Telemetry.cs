using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenVocab;

/// <summary>
/// What hosts may collect, through what .NET has for it: a meter and an activity source of the same name. Where nobody listens they cost next to nothing.
/// Names follow OpenTelemetry's conventions: dots, seconds.
/// </summary>
internal static class Telemetry
{
    /// <summary>Of the meter and of the activity source.</summary>
    internal const string Name = "OpenVocab";

    internal const string SourceTag = "source", StageTag = "stage", StateTag = "state";

    private static readonly Meter s_meter = new(Name);

    internal static ActivitySource Activities { get; } = new(Name);

    internal static Counter<long> FramesRead { get; } = s_meter.CreateCounter<long>("openvocab.frames.read", "{frame}", "Frames that a source began to deliver.");

    internal static Counter<long> FramesEmitted { get; } = s_meter.CreateCounter<long>("openvocab.frames.emitted", "{frame}", "Frames that went through all stages.");

    internal static Counter<long> FramesDropped { get; } = s_meter.CreateCounter<long>("openvocab.frames.dropped", "{frame}", "Frames of live sources that were replaced by a newer one.");

    internal static Counter<long> FramesFailed { get; } = s_meter.CreateCounter<long>("openvocab.frames.failed", "{frame}", "Frames that came in part.");

    internal static Counter<long> Detections { get; } = s_meter.CreateCounter<long>("openvocab.detections", "{detection}", "Things that were found.");

    internal static Counter<long> StateChanges { get; } = s_meter.CreateCounter<long>("openvocab.source.state_changes", "{change}", "How often a live source came to a state.");

    internal static Gauge<int> SourceLive { get; } = s_meter.CreateGauge<int>("openvocab.source.live", null, "1 while frames of a live source come, otherwise 0.");

    internal static Histogram<double> StageDuration { get; } = s_meter.CreateHistogram<double>(
        "openvocab.stage.duration", "s", "How long a stage took for a frame.",
        advice: new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });

    internal static Histogram<double> VocabularyChange { get; } = s_meter.CreateHistogram<double>(
        "openvocab.vocabulary.change", "s", "From the request for other words to the first frame that was looked at for them.",
        advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });
}
