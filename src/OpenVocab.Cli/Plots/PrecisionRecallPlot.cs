using OpenVocab.Evaluation;
using ScottPlot;

namespace OpenVocab.Cli.Plots;

/// <summary>Precision over recall: a line for each class, and one for their mean.</summary>
internal static class PrecisionRecallPlot
{
    internal const int Width = 1200, Height = 900;

    /// <summary>How many classes get a colour and a name; the others are thin grey lines.</summary>
    internal const int MostNamed = 10;

    private const float TextSize = 20, TitleSize = 26, LegendSize = 18;

    /// <summary>Pixels between the picture's edges and the curves; on the right there is room for the legend.</summary>
    private const int Left = 90, Top = 64, Right = 350, Bottom = 80;

    /// <summary>What of the legend's width is the samples of the lines, and air.</summary>
    private const int Symbols = 84;

    // Told apart by people who see red and green alike as far as ten can be; without grey, which is the others' colour, and black, which is the mean's.
    private static readonly Color[] s_colors = [.. new uint[] { 0x0072B2, 0xE69F00, 0x009E73, 0xD62728, 0x9467BD, 0x56B4E9, 0x8C564B, 0xE377C2, 0xA6A600, 0x2F3E8F }.Select(rgb => Color.FromARGB(0xFF000000 | rgb))];
    private static readonly Color s_others = Colors.Gray.WithAlpha(0.35);

    /// <summary>Draws the curves of an evaluation where an overlap of 0.50 is a hit.</summary>
    /// <param name="name">Of model or data, for the title; shortened.</param>
    /// <param name="report">Classes without labelled objects have no curve and are left out.</param>
    /// <param name="classes">A name for each of the report's classes; shortened.</param>
    /// <returns>A PNG of <see cref="Width"/> × <see cref="Height"/> pixels.</returns>
    internal static byte[] Draw(string name, EvaluationReport report, IReadOnlyList<string> classes)
    {
        (string Name, ClassEvaluation Found)[] drawn =
            [.. report.Classes.Select((found, i) => (PlotText.Shown(classes[i]), found)).Where(each => each.found.Curve.Count > 0).OrderByDescending(each => each.found.Boxes)];
        using Plot plot = new();
        Frame(plot, name);
        // The last line lies on top: others, then the named from the rarest on, then the mean.
        foreach ((_, ClassEvaluation found) in drawn.Skip(MostNamed)) { AddLine(plot, found.Curve, s_others, 1.2f); }
        for (int i = Math.Min(drawn.Length, MostNamed) - 1; i >= 0; i--) { AddLine(plot, drawn[i].Found.Curve, s_colors[i], 2); }
        if (drawn.Length > 0)
        {
            AddLine(plot, Mean(drawn.Select(each => each.Found.Curve)), Colors.Black, 5);
            AddLegend(plot, report.Overall, drawn);
        }
        else { AddNotice(plot, "No object is labelled."); }
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    private static void Frame(Plot plot, string name)
    {
        string title = $"Precision and recall at IoU 0.50: {PlotText.Shown(name, PlotText.LongestTitle)}";
        plot.Font.Set(PlotFont.Family ?? "");
        plot.Layout.Fixed(new PixelPadding(Left, Right, Bottom, Top));
        PlotFont.Fit(plot.Axes.Title.Label, title, TitleSize, Width - Left - Right + 2 * Left - 24);
        foreach ((IAxis axis, string label) in new (IAxis, string)[] { (plot.Axes.Bottom, "Recall"), (plot.Axes.Left, "Precision") })
        {
            axis.Label.Text = label;
            axis.Label.Bold = false;
            axis.Label.FontSize = axis.TickLabelStyle.FontSize = TextSize;
            axis.TickGenerator = new ScottPlot.TickGenerators.NumericManual([0, 0.2, 0.4, 0.6, 0.8, 1], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        }
        // A line that lies on the frame is seen in full.
        plot.Axes.SetLimits(-0.01, 1.01, -0.01, 1.01);
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.1);
    }

    private static void AddLine(Plot plot, IReadOnlyList<double> curve, Color color, float width)
    {
        double[] recall = [.. Enumerable.Range(0, curve.Count).Select(level => level / (curve.Count - 1.0))];
        ScottPlot.Plottables.Scatter line = plot.Add.ScatterLine(recall, [.. curve], color);
        line.LineWidth = width;
    }

    private static double[] Mean(IEnumerable<IReadOnlyList<double>> curves)
    {
        IReadOnlyList<double>[] all = [.. curves];
        return [.. Enumerable.Range(0, all[0].Count).Select(level => all.Average(curve => curve[level]))];
    }

    // The digits of most fonts are of one width: numbers in front stand below each other.
    private static void AddLegend(Plot plot, Accuracy overall, (string Name, ClassEvaluation Found)[] drawn)
    {
        List<(string Text, Color Color, float Width)> entries = [("AP50", Colors.Transparent, 0), (Invariant($"{overall.AP50:0.000}  mean of {Classes(drawn.Length)}"), Colors.Black, 5)];
        entries.AddRange(drawn.Take(MostNamed).Select((each, i) => (Invariant($"{each.Found.Accuracy.AP50:0.000}  {each.Name}"), s_colors[i], 3f)));
        if (drawn.Length > MostNamed) { entries.Add((Invariant($"{Classes(drawn.Length - MostNamed)} with fewer boxes"), s_others, 2)); }
        foreach ((string text, Color color, float width) in entries)
        {
            LegendItem item = new() { LineColor = color, LineWidth = width };
            PlotFont.Fit(item.LabelStyle, text, LegendSize, Right - Symbols);
            plot.Legend.ManualItems.Add(item);
        }
        ScottPlot.Panels.LegendPanel panel = plot.ShowLegend(Edge.Right);
        panel.Alignment = Alignment.UpperLeft;
        panel.Legend.SymbolWidth = 32;
        panel.Legend.OutlineWidth = 0;
        panel.Legend.ShadowColor = Colors.Transparent;
    }

    private static string Classes(int count) => count == 1 ? "1 class" : Invariant($"{count} classes");

    private static void AddNotice(Plot plot, string text)
    {
        ScottPlot.Plottables.Text notice = plot.Add.Text(text, 0.5, 0.5);
        notice.LabelAlignment = Alignment.MiddleCenter;
        notice.LabelFontSize = TextSize;
    }
}
