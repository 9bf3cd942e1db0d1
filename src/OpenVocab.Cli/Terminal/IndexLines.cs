using OpenVocab.Search;
using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>What a person reads while a folder is put into an index, and after it.</summary>
internal static class IndexLines
{
    private const int MostFailures = 10;

    private static readonly TimeSpan s_linesEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs an update and shows its progress meanwhile: a bar on a terminal, now and then a line elsewhere.</summary>
    internal static IndexReport Watch(bool quiet, Func<IProgress<IndexProgress>?, IndexReport> run)
    {
        if (quiet) { return run(null); }
        if (!Screen.IsTerminal) { return run(new Lines()); }
        return Screen.Error.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("looking into the folder", maxValue: 1);
                task.IsIndeterminate = true;
                return run(new Reporter(progress => (task.Description, task.IsIndeterminate, task.Value) = (Describe(progress), false, (double)progress.Done / progress.Total)));
            });
    }

    internal static void Print(IndexReport report, IndexDescription index, string place)
    {
        string rate = report.Added + report.Changed > 0 ? Invariant($" ({(report.Added + report.Changed) / Math.Max(report.Elapsed.TotalSeconds, 1e-3):0.0} pictures/s)") : "";
        Screen.Error.WriteLine(Invariant($"{report.Added} new, {report.Changed} changed, {report.Removed} gone, {report.Unchanged} unchanged in {report.Elapsed.TotalSeconds:0.0} s{rate}."));
        if (report.FailedBefore > 0) { Screen.Error.WriteLine($"notice: {Count(report.FailedBefore, "picture")} could not be read in an earlier run and {(report.FailedBefore == 1 ? "has" : "have")} not changed since."); }
        Screen.Error.WriteLine($"{place}: {Count(index.Count, "picture")} by {index.Model.Name}.");
    }

    /// <summary>The first of the pictures that could not be read, and how many there are: said even to those who want it quiet.</summary>
    internal static void PrintFailures(IndexReport report)
    {
        foreach (UnreadPicture failed in report.Failed.Take(MostFailures)) { Screen.Error.WriteLine($"warning: {failed.Reason}"); }
        if (report.Failed.Count > MostFailures) { Screen.Error.WriteLine($"warning: … and {report.Failed.Count - MostFailures} more that cannot be read."); }
    }

    private static string Describe(IndexProgress progress)
    {
        string failed = progress.Failed > 0 ? Invariant($", {progress.Failed} failed") : "";
        return Invariant($"picture {progress.Done} of {progress.Total}{failed}, {progress.PicturesPerSecond:0.0} pictures/s");
    }

    private static string Count(int count, string one) => Invariant($"{count} {one}{(count == 1 ? "" : "s")}");

    // Progress<T> would post to the thread pool, and the lines would come late and out of order.
    private sealed class Reporter(Action<IndexProgress> show) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => show(value);
    }

    private sealed class Lines : IProgress<IndexProgress>
    {
        private TimeSpan _last;

        public void Report(IndexProgress value)
        {
            if (value.Elapsed - _last < s_linesEvery) { return; }
            _last = value.Elapsed;
            Screen.Error.WriteLine(Invariant($"{Describe(value)}, {value.Elapsed.TotalSeconds * (value.Total - value.Done) / value.Done:0} s left"));
        }
    }
}
