using OpenCvSharp;
using OpenVocab.Cli.Options;
using OpenVocab.Prompts;

namespace OpenVocab.Cli.Benching;

/// <summary>Times a detector on one picture, frame after frame, as a pipeline calls it.</summary>
internal static class BenchRun
{
    private const int WarmUp = 5;

    /// <summary>Runs.</summary>
    /// <param name="detector">With the input size in question.</param>
    /// <param name="picture">The frame; the same each time.</param>
    /// <param name="prompts">How many words to look for.</param>
    /// <param name="runs">How many frames are timed, after a warm-up.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static BenchRow Measure(Detector detector, Mat picture, int prompts, int runs, CancellationToken cancellation)
    {
        Vocabulary vocabulary = detector.Signature.Text is null ? detector.Vocabulary : SyntheticVocabulary.Like(detector.Vocabulary, prompts);
        FrameResult result = new();
        for (int i = 0; i < WarmUp; i++) { detector.Detect(picture, vocabulary, result); }
        StageTimings[] times = new StageTimings[runs];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < runs; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            detector.Detect(picture, vocabulary, result);
            times[i] = result.Timings;
        }
        double allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / runs;
        return new(
            detector.InputSize.ToString(), DetectionOptions.NameOf(detector.Precision), vocabulary.Rows, Spread.Of(times.Select(time => time.Preprocess)), Spread.Of(times.Select(time => time.Inference)),
            Spread.Of(times.Select(time => time.Postprocess)), Spread.Of(times.Select(time => time.Total)), allocated);
    }
}
