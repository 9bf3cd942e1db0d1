using OpenVocab.Cli.Benching;
using ScottPlot;

namespace OpenVocab.Cli.Plots;

/// <summary>Time of a frame over numbers of prompts: a bar for each measurement, with its stages on top of each other.</summary>
internal static class BenchPlot
{
    private const int Width = 1200, Height = 700;
    private const float TextSize = 20, TitleSize = 26;

    private static readonly (string Name, Color Color)[] s_stages =
    [
        ("preprocess", Color.FromARGB(0xFF56B4E9)), ("inference", Color.FromARGB(0xFF0072B2)), ("postprocess", Color.FromARGB(0xFFE69F00)),
    ];

    /// <summary>Draws the medians.</summary>
    /// <param name="name">Of the model, for the title; shortened.</param>
    /// <param name="rows">At least one.</param>
    /// <returns>A PNG.</returns>
    internal static byte[] Draw(string name, IReadOnlyList<BenchRow> rows)
    {
        using Plot plot = new();
        plot.Font.Set(PlotFont.Family ?? "");
        for (int i = 0; i < rows.Count; i++)
        {
            double from = 0;
            foreach ((double time, Color color) in new[] { rows[i].Preprocess.Median, rows[i].Inference.Median, rows[i].Postprocess.Median }.Zip(s_stages, (time, stage) => (time, stage.Color)))
            {
                plot.Add.Bar(new Bar { Position = i, ValueBase = from, Value = from + time, FillColor = color, LineWidth = 0 });
                from += time;
            }
            ScottPlot.Plottables.Text total = plot.Add.Text(Invariant($"{rows[i].FramesPerSecond:0.0}/s"), i, from);
            (total.LabelAlignment, total.LabelFontSize) = (Alignment.LowerCenter, TextSize - 2);
        }
        foreach ((string stage, Color color) in s_stages) { plot.Legend.ManualItems.Add(new() { LabelText = stage, FillColor = color, LabelFontSize = TextSize - 2 }); }
        plot.ShowLegend(Alignment.UpperLeft);
        PlotFont.Fit(plot.Axes.Title.Label, $"Milliseconds a frame: {PlotText.Shown(name, PlotText.LongestTitle)}", TitleSize, Width - 100);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. rows.Select((_, i) => (double)i)], [.. rows.Select(row => Invariant($"{row.Input}\n{row.Precision}, {row.Prompts} prompt{(row.Prompts == 1 ? "" : "s")}"))]);
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = TextSize - 4;
        plot.Axes.Bottom.MajorTickStyle.Length = 0;
        plot.Axes.Left.Label.Text = "ms (median)";
        (plot.Axes.Left.Label.Bold, plot.Axes.Left.Label.FontSize) = (false, TextSize);
        plot.HideGrid();
        plot.Axes.SetLimits(-0.6, rows.Count - 0.4, 0, rows.Max(row => row.Total.Median) * 1.25);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }
}
