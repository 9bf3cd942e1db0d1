using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Pipelines;

/// <summary>
/// Joins sources, a detector and sinks: reads, detects and writes at the same time, in order, with a bounded number of frames on their way.
/// Immutable: every method returns a new pipeline.
/// </summary>
/// <example><code>
/// var report = await Pipeline.From("street.mp4")
///     .Detect(detector)
///     .To(new AnnotatedVideoSink("street.annotated.mp4"), new JsonLinesSink("street.jsonl"))
///     .RunAsync(progress, cancellationToken);
/// </code></example>
public sealed class Pipeline
{
    private readonly IReadOnlyList<PipelineInput> _inputs;
    private readonly Detector? _detector;
    private readonly Vocabulary? _vocabulary;
    private readonly IReadOnlyList<IResultSink> _sinks;
    private readonly PipelineOptions _options;

    private Pipeline(
        IReadOnlyList<PipelineInput> inputs, Detector? detector, Vocabulary? vocabulary, IReadOnlyList<IResultSink> sinks, PipelineOptions options)
    {
        (_inputs, _detector, _vocabulary, _sinks, _options) = (inputs, detector, vocabulary, sinks, options);
    }

    /// <summary>Begins with what a user would name: pictures, folders, globs, list files, video files, a camera's number.</summary>
    /// <param name="sources">At least one; read one after another. See <see cref="FrameSources.Find"/>.</param>
    /// <exception cref="SourceException">One of them names nothing.</exception>
    public static Pipeline From(params IEnumerable<string> sources) => From(sources.SelectMany(FrameSources.Find));

    /// <summary>Begins with sources that were found before.</summary>
    /// <param name="sources">At least one; read one after another.</param>
    public static Pipeline From(IEnumerable<SourceReference> sources) => new(
        [.. sources.Select(source => new PipelineInput(
            new SourceInfo { Name = source.Name, Kind = source.Kind }, options => FrameSources.Open(source, options)))],
        null, null, [], new());

    /// <summary>Begins with a source of your own; the run disposes it.</summary>
    /// <param name="source">Open and unread.</param>
    public static Pipeline From(IFrameSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new([new PipelineInput(source.Info, _ => source)], null, null, [], new());
    }

    /// <summary>Looks for the detector's classes, whichever it has when a frame arrives: they may be changed while it runs.</summary>
    /// <param name="detector">Not disposed by the run; may serve several pipelines at once.</param>
    public Pipeline Detect(Detector detector) => new(_inputs, detector, null, _sinks, _options);

    /// <summary>Looks for a vocabulary of its own, whatever the detector's classes are.</summary>
    /// <param name="detector">Not disposed by the run; may serve several pipelines at once.</param>
    /// <param name="vocabulary">From <see cref="Detector.Encode"/>.</param>
    public Pipeline Detect(Detector detector, Vocabulary vocabulary) =>
        new(_inputs, detector, vocabulary, _sinks, _options);

    /// <summary>Adds sinks; the run disposes them.</summary>
    /// <param name="sinks">Called in this order for every frame.</param>
    public Pipeline To(params IEnumerable<IResultSink> sinks) =>
        new(_inputs, _detector, _vocabulary, [.. _sinks, .. sinks], _options);

    /// <summary>Sets the options.</summary>
    /// <param name="options">Replaces all options that were set before.</param>
    public Pipeline With(PipelineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_inputs, _detector, _vocabulary, _sinks, options.Validated());
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
            if (_detector is null) { throw new InvalidOperationException("The pipeline has no detector: call Detect(detector) first."); }
            if (_inputs.Count == 0) { throw new InvalidOperationException("The pipeline has no source: give at least one to From."); }
            using PipelineRun run = new(_inputs, _detector, _vocabulary, _sinks, _options, progress);
            return await run.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (IResultSink sink in _sinks) { sink.Dispose(); }
        }
    }
}
