using OpenVocab.Pipelines;
using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>Shows how far a run is: a bar on a terminal, now and then a line elsewhere.</summary>
internal static class RunProgress
{
    private static readonly TimeSpan s_linesEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs something and shows its progress meanwhile.</summary>
    internal static Task<T> WatchAsync<T>(bool quiet, Func<IProgress<PipelineProgress>?, Task<T>> run)
    {
        if (quiet) { return run(null); }
        return Screen.IsTerminal ? WithBarAsync(run) : run(new Lines());
    }

    private static Task<T> WithBarAsync<T>(Func<IProgress<PipelineProgress>?, Task<T>> run) => Screen.Error.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(context =>
        {
            ProgressTask task = context.AddTask("starting", maxValue: 1);
            task.IsIndeterminate = true;
            return run(new Reporter(progress =>
            {
                task.Description = Describe(progress).EscapeMarkup();
                if (Fraction(progress) is { } fraction) { (task.IsIndeterminate, task.Value) = (false, fraction); }
            }));
        });

    private static string Describe(PipelineProgress progress)
    {
        string count = progress.Source.FrameCount is > 1 and var frames ? $"frame {progress.FramesOfSource} of {frames}" : $"frame {progress.Frames}";
        string source = progress.SourceCount > 1 ? $"{progress.SourceNumber} of {progress.SourceCount}, " : "";
        return Invariant($"{source}{Path.GetFileName(progress.Source.Name)}: {count}, {progress.FramesPerSecond:0.0} frames/s");
    }

    /// <summary>How much is done, 0 to 1; null where nobody knows how much there is.</summary>
    private static double? Fraction(PipelineProgress progress) => (double)progress.Frames / progress.ExpectedFrames;

    // Progress<T> would post to the thread pool, and the lines would come late and out of order.
    private sealed class Reporter(Action<PipelineProgress> show) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value) => show(value);
    }

    private sealed class Lines : IProgress<PipelineProgress>
    {
        private TimeSpan _last;

        public void Report(PipelineProgress value)
        {
            if (value.Elapsed - _last < s_linesEvery) { return; }
            _last = value.Elapsed;
            string left = Fraction(value) is > 0 and var fraction ? Invariant($", {value.Elapsed.TotalSeconds * (1 - fraction) / fraction:0} s left") : "";
            Screen.Error.WriteLine(Describe(value) + left);
        }
    }
}
