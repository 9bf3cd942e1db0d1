using OpenVocab.Models.Catalog;
using Spectre.Console;

namespace OpenVocab.Cli.Terminal;

/// <summary>Shows how far downloads are: a bar a file on a terminal, a line every tenth elsewhere.</summary>
internal static class PullProgress
{
    /// <summary>Runs something and shows its progress meanwhile.</summary>
    /// <param name="quiet">Shows warnings only.</param>
    /// <param name="error">Where lines go; bars go to <see cref="Screen"/>.</param>
    /// <param name="run">Reports to what it is given.</param>
    internal static Task<IReadOnlyList<DownloadedFile>> WatchAsync(bool quiet, TextWriter error, Func<IProgress<DownloadProgress>, Task<IReadOnlyList<DownloadedFile>>> run)
    {
        if (quiet) { return run(new Warnings(error)); }
        // Bars belong to the terminal that is ours; another writer gets lines.
        return Screen.IsTerminal && error == Console.Error ? WithBarsAsync(run) : run(new Lines(error));
    }

    private static Task<IReadOnlyList<DownloadedFile>> WithBarsAsync(Func<IProgress<DownloadProgress>, Task<IReadOnlyList<DownloadedFile>>> run) => Screen.Error.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new DownloadedColumn { Base = FileSizeBase.Decimal }, new TransferSpeedColumn { Base = FileSizeBase.Decimal }, new RemainingTimeColumn())
        .StartAsync(context => run(new Bars(context)));

    private sealed class Warnings(TextWriter error) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.Stage == DownloadStage.Recorded) { error.WriteLine(value.Message); }
        }
    }

    private sealed class Bars(ProgressContext context) : IProgress<DownloadProgress>
    {
        private readonly Dictionary<WantedFile, ProgressTask> _bars = [];

        public void Report(DownloadProgress value)
        {
            ProgressTask bar = BarOf(value);
            bar.Description = $"{value.Wanted.File.Name}{Word(value.Stage)}".EscapeMarkup();
            bar.IsIndeterminate = value.TotalBytes is null;
            if (value.TotalBytes is { } total) { bar.MaxValue = total; }
            // Reading the file once more is no step back.
            if (value.Stage is DownloadStage.Receiving or DownloadStage.Done) { bar.Value = value.Bytes; }
            if (value.Message is { } message) { Screen.Error.WriteLine(message); }
        }

        // A file that begins anew gets a new bar: the speed of one that goes back would be negative.
        private ProgressTask BarOf(DownloadProgress value)
        {
            bool known = _bars.TryGetValue(value.Wanted, out ProgressTask? bar);
            if (known && (value.Stage != DownloadStage.Receiving || value.Bytes >= bar!.Value)) { return bar!; }
            if (known) { context.RemoveTask(bar!); }
            return _bars[value.Wanted] = context.AddTask(value.Wanted.File.Name, maxValue: 1);
        }

        private static string Word(DownloadStage stage) => stage switch
        {
            DownloadStage.Waiting => " (waiting)",
            DownloadStage.Retrying => " (trying again)",
            DownloadStage.Checking => " (checking)",
            _ => "",
        };
    }

    private sealed class Lines(TextWriter error) : IProgress<DownloadProgress>
    {
        private const long WithoutTotalEvery = 50_000_000;

        private WantedFile? _file;
        private long _step = -1;

        public void Report(DownloadProgress value)
        {
            if (value.Wanted != _file) { (_file, _step) = (value.Wanted, -1); }
            if (value.Message is { } message) { error.WriteLine(message); }
            else if (value.Stage == DownloadStage.Done) { error.WriteLine($"{value.Wanted.Name}: {ByteCount.Of(value.Bytes)}, done."); }
            else if (value.Stage == DownloadStage.Receiving && StepOf(value) is var step && step != _step)
            {
                _step = step;
                error.WriteLine(value.TotalBytes is { } total ? $"{value.Wanted.Name}: {step * 10} % of {ByteCount.Of(total)}" : $"{value.Wanted.Name}: {ByteCount.Of(value.Bytes)}");
            }
        }

        private static long StepOf(DownloadProgress value) => value.TotalBytes is > 0 and var total ? value.Bytes * 10 / total : value.Bytes / WithoutTotalEvery;
    }
}
