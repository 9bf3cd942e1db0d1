using OpenVocab.Evaluation;
using ScottPlot;

namespace OpenVocab.Cli.Plots;

/// <summary>What is taken for what, as a picture: a column for each labelled class, a row for each class that the detector says, the background last.</summary>
internal static class ConfusionPlot
{
    /// <summary>The most classes that are shown: those with most boxes.</summary>
    internal const int MostShown = 80;

    /// <summary>Up to so many classes, numbers stand in the cells.</summary>
    internal const int MostWritten = 25;

    private const float AxisSize = 20, TitleSize = 24;
    private const int RoomForCounts = 60, Margin = 14;

    // White to dark blue, darker all the way: it reads the same in print without colours. The first quarter has the greatest step, so that a few percent are seen.
    private static readonly ScottPlot.Colormaps.CustomInterpolated s_shades = new([.. new uint[] { 0xFFFFFF, 0x9ECAE1, 0x4A98C9, 0x1F6BB0, 0x08306B }.Select(rgb => Color.FromARGB(0xFF000000 | rgb))]);

    /// <summary>Draws a matrix. A cell's shade is its share of the column: of the labelled boxes of a class, or of all false boxes.</summary>
    /// <param name="name">Of model or data, for the title; shortened.</param>
    /// <param name="matrix">The counts. A share is one of all boxes of a class, also of those that were taken for a class that is not shown.</param>
    /// <param name="classes">A name for each of the matrix's classes; shortened.</param>
    /// <returns>A PNG, of the size that <see cref="LayOut"/> gives.</returns>
    internal static byte[] Draw(string name, ConfusionMatrix matrix, IReadOnlyList<string> classes)
    {
        int[] shown = Shown(matrix);
        ConfusionLayout layout = LayOut(matrix, classes);
        using Plot plot = new();
        plot.Font.Set(PlotFont.Family ?? "");
        plot.Layout.Fixed(new PixelPadding(layout.Left, layout.Right, layout.Bottom, layout.Top));
        AddCells(plot, matrix, shown, layout);
        AddTitle(plot, name, matrix, shown.Length - 1, layout);
        AddNames(plot.Axes.Bottom, "Labelled class", Names(shown, matrix, classes, "background (false)"), layout, reversed: false);
        AddNames(plot.Axes.Left, "Predicted class", Names(shown, matrix, classes, "background (missed)"), layout, reversed: true);
        (plot.Axes.Bottom.MinimumSize, plot.Axes.Left.MinimumSize) = (layout.Bottom - Margin, layout.Left - Margin);
        plot.Axes.Bottom.TickLabelStyle.Rotation = -90;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, layout.Cells - 0.5, -0.5, layout.Cells - 0.5);
        return plot.GetImageBytes(layout.Width, layout.Height, ImageFormat.Png);
    }

    /// <summary>Where the cells lie in the picture that <see cref="Draw"/> makes.</summary>
    internal static ConfusionLayout LayOut(ConfusionMatrix matrix, IReadOnlyList<string> classes)
    {
        int[] shown = Shown(matrix);
        string[] names = Names(shown, matrix, classes, "background (missed)");
        string family = PlotFont.For(names);
        return ConfusionLayout.For(shown.Length, size => names.Max(each => PlotFont.Width(each, family, size)));
    }

    /// <summary>The classes that are shown, in their order, and the background.</summary>
    private static int[] Shown(ConfusionMatrix matrix)
    {
        IEnumerable<int> all = Enumerable.Range(0, matrix.Classes);
        return [.. matrix.Classes <= MostShown ? all : all.OrderByDescending(matrix.TotalOf).Take(MostShown).Order(), matrix.Classes];
    }

    private static string[] Names(int[] shown, ConfusionMatrix matrix, IReadOnlyList<string> classes, string background) =>
        [.. shown.Select(index => index == matrix.Classes ? background : PlotText.Shown(classes[index]))];

    private static void AddCells(Plot plot, ConfusionMatrix matrix, int[] shown, ConfusionLayout layout)
    {
        double[,] percent = new double[shown.Length, shown.Length];
        for (int column = 0; column < shown.Length; column++)
        {
            int boxes = matrix.TotalOf(shown[column]);
            for (int row = 0; row < shown.Length; row++)
            {
                int count = matrix[shown[row], shown[column]];
                percent[row, column] = boxes == 0 ? 0 : 100.0 * count / boxes;
                if (count > 0 && shown.Length <= MostWritten + 1) { AddNumber(plot, layout, row, column, percent[row, column], count); }
            }
        }
        ScottPlot.Plottables.Heatmap cells = plot.Add.Heatmap(percent);
        plot.MoveToBack(cells);
        cells.Colormap = s_shades;
        cells.ManualRange = new(0, 100);
        // Nothing that is seen as nothing cannot be counted.
        double last = shown.Length - 1;
        ScottPlot.Plottables.Rectangle uncounted = plot.Add.Rectangle(last - 0.5, last + 0.5, -0.5, 0.5);
        (uncounted.FillColor, uncounted.LineWidth) = (Colors.LightGray, 0);
        AddGrid(plot, shown.Length);
        ScottPlot.Panels.ColorBar bar = plot.Add.ColorBar(cells);
        bar.Label = "Percent of the column";
        bar.Axis.TickGenerator = new ScottPlot.TickGenerators.NumericManual([0, 20, 40, 60, 80, 100], ["0", "20", "40", "60", "80", "100"]);
        bar.LabelStyle.FontSize = bar.Axis.TickLabelStyle.FontSize = AxisSize - 4;
    }

    private static void AddNumber(Plot plot, ConfusionLayout layout, int row, int column, double percent, int count)
    {
        string share = percent < 1 ? "<1" : Invariant($"{percent:0}");
        ScottPlot.Plottables.Text text = plot.Add.Text(layout.Cell >= RoomForCounts ? Invariant($"{share}%\n{count:#,0}") : share, column, layout.Cells - 1 - row);
        text.LabelAlignment = Alignment.MiddleCenter;
        text.LabelFontSize = Math.Clamp(layout.Cell * 0.24f, 14, 18);
        text.LabelFontColor = percent > 50 ? Colors.White : Colors.Black;
    }

    private static void AddGrid(Plot plot, int cells)
    {
        for (int i = 1; i < cells; i++)
        {
            bool beforeBackground = i == cells - 1;
            if (!beforeBackground && cells > MostWritten + 1 && i % 5 != 0) { continue; }
            (Color color, float width) = beforeBackground ? (Colors.DimGray, 2f) : (Colors.Black.WithAlpha(0.12), 1f);
            plot.Add.VerticalLine(i - 0.5, width, color);
            plot.Add.HorizontalLine(cells - i - 0.5, width, color);
        }
    }

    private static void AddTitle(Plot plot, string name, ConfusionMatrix matrix, int shown, ConfusionLayout layout)
    {
        string first = $"Confusion matrix: {PlotText.Shown(name, PlotText.LongestTitle)}";
        string second = Invariant($"IoU {matrix.Overlap:0.00}, scores above {matrix.Threshold:0.###}");
        if (shown < matrix.Classes) { second += Invariant($"; the {shown} of {matrix.Classes} classes with most boxes"); }
        // The title stands over the middle of the cells, which is not the middle of the picture.
        float middle = layout.Left + layout.Cells * layout.Cell / 2f;
        PlotFont.Fit(plot.Axes.Title.Label, $"{first}\n{second}", TitleSize, 2 * Math.Min(middle, layout.Width - middle) - 24);
    }

    private static void AddNames(IAxis axis, string label, string[] names, ConfusionLayout layout, bool reversed)
    {
        axis.Label.Text = label;
        axis.Label.Bold = false;
        axis.Label.FontSize = AxisSize;
        axis.TickGenerator = new ScottPlot.TickGenerators.NumericManual([.. names.Select((_, i) => reversed ? names.Length - 1.0 - i : i)], names);
        axis.TickLabelStyle.FontName = PlotFont.For(names);
        axis.TickLabelStyle.FontSize = layout.NameSize;
    }
}
