namespace OpenVocab.Cli.Plots;

/// <summary>Where the cells of a <see cref="ConfusionPlot"/> lie. All are pixels.</summary>
/// <param name="Cells">How many columns, and rows: the shown classes and the background.</param>
/// <param name="Cell">Edge of a cell.</param>
/// <param name="Left">From the picture's edge to the first column.</param>
/// <param name="Top">From the picture's edge to the first row.</param>
/// <param name="Right">From the last column to the picture's edge.</param>
/// <param name="Bottom">From the last row to the picture's edge.</param>
internal sealed record ConfusionLayout(int Cells, int Cell, int Left, int Top, int Right, int Bottom)
{
    internal int Width => Left + Cells * Cell + Right;

    internal int Height => Top + Cells * Cell + Bottom;

    /// <summary>Size of the classes' names, such that neighbours do not touch.</summary>
    internal float NameSize => SizeOfNames(Cell);

    /// <summary>Few cells are large, and many are as small as their names can be.</summary>
    internal static ConfusionLayout For(int cells, Func<float, float> longestName)
    {
        int cell = cells <= ConfusionPlot.MostWritten + 1 ? Math.Clamp(900 / cells, 44, 150) : Math.Clamp(1750 / cells, 22, 44);
        int names = (int)Math.Ceiling(longestName(SizeOfNames(cell)));
        return new(cells, cell, names + 64, 88, 130, names + 64);
    }

    /// <summary>Centre of a cell.</summary>
    internal (int X, int Y) CentreOf(int row, int column) => (Left + column * Cell + Cell / 2, Top + row * Cell + Cell / 2);

    private static float SizeOfNames(int cell) => Math.Clamp(cell * 0.62f, 13, 18);
}
