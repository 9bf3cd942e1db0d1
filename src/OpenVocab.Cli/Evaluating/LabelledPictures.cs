using OpenVocab.Cli.Terminal;
using OpenVocab.Evaluation;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Evaluating;

/// <summary>Runs a detector over the pictures of a data set.</summary>
/// <param name="detector">With the words in force.</param>
/// <param name="dataset">Pictures that are missing are passed over: <see cref="ReportMissing"/> has named them.</param>
/// <param name="quiet">No progress.</param>
internal sealed class LabelledPictures(Detector detector, LabelledDataset dataset, bool quiet)
{
    /// <summary>The data set without the labels of pictures that could not be looked at, so that nobody counts them as missed.</summary>
    internal LabelledDataset Dataset { get; private set; } = dataset;

    /// <summary>True if a picture was missing or damaged.</summary>
    internal bool AnyFailed { get; private set; }

    /// <summary>Model and settings, for the file of the run.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Circumstances { get; private set; } = [];

    /// <summary>Adds the pictures that are not there to the data's problems.</summary>
    internal static void ReportMissing(LabelledDataset dataset)
    {
        foreach (DatasetImage image in dataset.Images.Where(image => !File.Exists(image.Path)))
        {
            dataset.Problems.Add($"image {image.Id}", image.Path.Length == 0 ? "the data do not say which file it is; it is left out" : $"there is no file {image.Path}; it is left out");
        }
    }

    /// <summary>The pictures that are there.</summary>
    internal static IReadOnlyList<SourceReference> SourcesOf(LabelledDataset dataset) =>
        [.. dataset.Images.Select(image => image.Path).Distinct().Where(File.Exists).Select(path => new SourceReference(SourceKind.Picture, path))];

    /// <summary>How many pictures were looked at.</summary>
    internal int Seen { get; private set; }

    /// <summary>Detects in all of them, for the words in force; what cannot be read is added to the data's problems.</summary>
    /// <returns>Null if the run was interrupted.</returns>
    /// <exception cref="SourceException">None of them is there.</exception>
    internal async Task<IReadOnlyList<ScoredBox>?> DetectAsync(CancellationToken cancellation)
    {
        LabelledDataset all = Dataset;
        EvaluationSink sink = new(all);
        PipelineReport report = await RunAsync(all, detector.Vocabulary, sink, cancellation);
        if (report.Interrupted) { return null; }
        foreach (SourceReport source in report.Sources.Where(source => source.Error is not null)) { all.Problems.Add(source.Source.Name, $"{source.Error!.Message.TrimEnd('.')}; it is left out"); }
        foreach (DataProblem problem in sink.Problems.First) { all.Problems.Add(problem.Place, problem.Message); }
        RunReport.PrintFaults(report, []);
        AccuracyTable.PrintProblems(sink.Problems);
        (Seen, AnyFailed) = (sink.Seen.Count, sink.Seen.Count < all.Images.Count);
        if (AnyFailed) { Dataset = all.OnlyImages(sink.Seen); }
        Circumstances = [.. Describe(all, report)];
        return sink.Detections;
    }

    /// <summary>Detects in all of them, for other words.</summary>
    /// <param name="asked">The same pictures, with the words as classes.</param>
    /// <param name="words">A class for each class.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null if the run was interrupted.</returns>
    internal async Task<IReadOnlyList<ScoredBox>?> DetectAsync(LabelledDataset asked, PromptSet words, CancellationToken cancellation)
    {
        EvaluationSink sink = new(asked);
        PipelineReport report = await RunAsync(asked, detector.Encode(words), sink, cancellation);
        return report.Interrupted ? null : sink.Detections;
    }

    private Task<PipelineReport> RunAsync(LabelledDataset pictures, Vocabulary vocabulary, EvaluationSink sink, CancellationToken cancellation)
    {
        IReadOnlyList<SourceReference> sources = SourcesOf(pictures);
        if (sources.Count == 0)
        {
            string where = pictures.Images.Count == 0 ? "it lists none" : $"the first would be {pictures.Images[0].Path}";
            throw new SourceException(SourceFault.NotFound, $"{pictures.Name}: there is no picture to look at: {where}.", "Give the folder that the names are relative to: --images FOLDER.");
        }
        Pipeline pipeline = Pipeline.From(sources).Detect(detector, vocabulary).To(sink);
        return RunProgress.WatchAsync(quiet, progress => pipeline.RunAsync(progress, cancellation));
    }

    private IEnumerable<KeyValuePair<string, string>> Describe(LabelledDataset all, PipelineReport report)
    {
        yield return new("data", all.Name);
        yield return new("model", detector.Bundle.Name);
        yield return new("size", detector.InputSize.ToString());
        yield return new("device", detector.Device.ToString().ToLowerInvariant());
        yield return new("pictures", Invariant($"{Seen} of {all.Images.Count}"));
        yield return new("framesPerSecond", Invariant($"{report.FramesPerSecond:0.0}"));
    }
}
