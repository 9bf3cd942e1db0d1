using OpenVocab.Clip;
using OpenVocab.Counting;
using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;
using OpenVocab.Tracking;

namespace OpenVocab.Pipelines;

/// <summary>
/// Joins sources, a detector, a tracker and sinks: reads, detects and writes at the same time, in order, with a bounded number of frames on their way.
/// Immutable: every method returns a new pipeline.
/// </summary>
/// <example><code>
/// var report = await Pipeline.From("street.mp4")
///     .Detect(detector)
///     .Track()
///     .To(new AnnotatedVideoSink("street.annotated.mp4"), new JsonLinesSink("street.jsonl"))
///     .RunAsync(progress, cancellationToken);
/// </code></example>
public sealed class Pipeline
{
    private readonly PipelinePlan _plan;

    private Pipeline(PipelinePlan plan) => _plan = plan;

    /// <summary>Begins with what a user would name: pictures, folders, globs, list files, video files, a camera's number.</summary>
    /// <param name="sources">At least one; read one after another. See <see cref="FrameSources.Find"/>.</param>
    /// <exception cref="SourceException">One of them names nothing.</exception>
    public static Pipeline From(params IEnumerable<string> sources) => From(sources.SelectMany(FrameSources.Find));

    /// <summary>Begins with sources that were found before.</summary>
    /// <param name="sources">At least one; read one after another.</param>
    public static Pipeline From(IEnumerable<SourceReference> sources) => From(
        [.. sources.Select(source => new PipelineInput(new SourceInfo { Name = source.Label ?? source.Name, Kind = source.Kind }, options => FrameSources.Open(source, options), source.Label))]);

    /// <summary>Begins with a source of your own; the run disposes it.</summary>
    /// <param name="source">Open and unread.</param>
    public static Pipeline From(IFrameSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return From([new PipelineInput(source.Info, _ => source)]);
    }

    /// <summary>Looks for the detector's classes, whichever it has when a frame arrives: they may be changed while it runs.</summary>
    /// <param name="detector">Not disposed by the run; may serve several pipelines at once.</param>
    public Pipeline Detect(Detector detector) => new(_plan with { Detector = detector, Shared = null, Vocabulary = null });

    /// <summary>Looks for the classes of a detector that several pipelines share: frames that are ready together go through the network together.</summary>
    /// <param name="shared">The same for all these pipelines.</param>
    public Pipeline Detect(BatchingDetector shared)
    {
        ArgumentNullException.ThrowIfNull(shared);
        return new(_plan with { Detector = shared.Detector, Shared = shared, Vocabulary = null });
    }

    /// <summary>Looks for a vocabulary of its own, whatever the detector's classes are.</summary>
    /// <param name="detector">Not disposed by the run; may serve several pipelines at once.</param>
    /// <param name="vocabulary">From <see cref="Detector.Encode"/>.</param>
    public Pipeline Detect(Detector detector, Vocabulary vocabulary) => new(_plan with { Detector = detector, Shared = null, Vocabulary = vocabulary });

    /// <summary>
    /// Follows things from frame to frame (<see cref="ByteTracker"/>, anew for every source): detections get their <see cref="Detection.TrackId"/>, and what belongs to no
    /// track is not reported. A new thing is reported from its second frame on.
    /// </summary>
    public Pipeline Track() => Track(new TrackOptions());

    /// <summary>Follows things from frame to frame, with options.</summary>
    /// <param name="options">Thresholds are the detector's own.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public Pipeline Track(TrackOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ = options.At(null);
        return Follow(_plan.Follow() with { Track = options });
    }

    /// <summary>Counts at lines and in zones, in every source: <see cref="FrameResult.Counts"/>. Tracks, where <see cref="Track()"/> was not called.</summary>
    /// <param name="regions">In pixels of the source; added to those that were given before.</param>
    /// <exception cref="ArgumentException">Two have one name.</exception>
    public Pipeline Count(params IEnumerable<CountRegion> regions)
    {
        FollowSettings settings = _plan.Follow();
        return Follow(settings with { Regions = [.. settings.Regions, .. regions] });
    }

    /// <summary>Tracks and counts as somebody says at the moment, in place of <see cref="Track()"/> and <see cref="Count"/>: it may change while the pipeline runs.</summary>
    /// <param name="settings">Asked before every frame, from another thread; gives the same object as long as nothing changes. New lines and zones count from 0.</param>
    public Pipeline Follow(Func<FollowSettings> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new(_plan with { Follow = settings });
    }

    /// <summary>Asks CLIP for a second opinion about what is reported, after tracking and before counting: <see cref="Detection.Verification"/>.</summary>
    /// <param name="verifier">Its encoder is not disposed by the run; may serve several pipelines at once. Needs something to compare with: several classes, or <see cref="VerifierOptions.Against"/>.</param>
    public Pipeline Verify(DetectionVerifier verifier)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        return new(_plan with { Verifier = verifier });
    }

    /// <summary>Results carry <see cref="FrameResult.Regions"/>, for a sink that stores them. Only with a detector that gives them.</summary>
    internal Pipeline WithRegions() => new(_plan with { WithRegions = true });

    /// <summary>Adds sinks; the run disposes them.</summary>
    /// <param name="sinks">Called in this order for every frame.</param>
    public Pipeline To(params IEnumerable<IResultSink> sinks) => new(_plan with { Sinks = [.. _plan.Sinks, .. sinks] });

    /// <summary>Sets the options.</summary>
    /// <param name="options">Replaces all options that were set before.</param>
    public Pipeline With(PipelineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_plan with { Options = options.Validated() });
    }

    /// <summary>Runs to the end of the last source, to a failure, or until cancelled.</summary>
    /// <param name="progress">Told a few times a second; null: nobody is.</param>
    /// <param name="cancellationToken">
    /// Stops reading. What was read is still detected and written, files are finished, and the report says <see cref="PipelineReport.Interrupted"/>:
    /// cancelling throws nothing.
    /// </param>
    /// <returns>What was done, also where single sources failed or were damaged: <see cref="PipelineReport.Sources"/>.</returns>
    /// <exception cref="OpenVocabException">A stage failed: its own error, within two seconds.</exception>
    /// <exception cref="InvalidOperationException">No detector or no source was given.</exception>
    public async Task<PipelineReport> RunAsync(
        IProgress<PipelineProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        try
        {
            if (_plan.Detector is null) { throw new InvalidOperationException("The pipeline has no detector: call Detect(detector) first."); }
            if (_plan.Inputs.Count == 0) { throw new InvalidOperationException("The pipeline has no source: give at least one to From."); }
            using PipelineRun run = new(_plan, progress);
            return await run.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (IResultSink sink in _plan.Sinks) { sink.Dispose(); }
        }
    }

    private Pipeline Follow(FollowSettings settings) => new(_plan with { Follow = () => settings });

    private static Pipeline From(IReadOnlyList<PipelineInput> inputs) => new(new PipelinePlan { Inputs = inputs });
}
