namespace OpenVocab.Evaluation;

/// <summary>Reads the lines of a YOLO label file, by Ultralytics' rules: five numbers, or, if any line has more than six, polygons throughout.</summary>
internal static class YoloLabelFile
{
    internal const long LargestFile = 4 * 1024 * 1024;

    // Ultralytics allows for rounding; values within are used as they are.
    private const double Least = -0.01, Most = 1.01;

    private const string LeftOut = "the whole picture is left out, as Ultralytics does";

    /// <summary>Reads the lines.</summary>
    /// <param name="text">The file.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="place">What messages call the file.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="polygons">Whether the file holds polygons.</param>
    /// <returns>In the order of the file, or sorted if lines were repeated (as Ultralytics' come out). Null: the picture is left out.</returns>
    internal static List<YoloRow>? Parse(string text, int classes, string place, DataProblems problems, out bool polygons)
    {
        List<(int Number, string[] Fields)> lines = [];
        int number = 0;
        foreach (string line in DataFile.Lines(text))
        {
            number++;
            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } fields) { lines.Add((number, fields)); }
        }
        polygons = lines.Exists(line => line.Fields.Length > 6);
        List<YoloRow> rows = [];
        foreach ((int at, string[] fields) in lines)
        {
            if (Fault(fields, classes, polygons, out YoloRow row) is { } fault)
            {
                problems.Add($"{place}, line {at}", $"{fault}; {LeftOut}");
                return null;
            }
            if (row.Width > 0 && row.Height > 0) { rows.Add(row); }
            else { problems.Add($"{place}, line {at}", Invariant($"the box has no extent (width {row.Width}, height {row.Height}; both must be above 0); the line is left out")); }
        }
        return Distinct(rows, place, problems);
    }

    private static string? Fault(string[] fields, int classes, bool polygons, out YoloRow row)
    {
        row = default;
        if (!polygons && fields.Length != 5) { return $"the line has {fields.Length} values; it must have 5 (class, centre x and y, width, height)"; }
        if (polygons && (fields.Length < 5 || fields.Length % 2 == 0)) { return $"the line has {fields.Length} values; in a file of polygons it must have the class and x and y of at least two points"; }
        if (!DataFile.TryNumber(fields[0], out double kind) || kind != Math.Floor(kind)) { return $"the class is {DataFile.Quote(fields[0])}; it must be an integer"; }
        if (!(kind >= 0 && kind < classes)) { return $"the class is {DataFile.Quote(fields[0])}; it must lie between 0 and {classes - 1}"; }
        double[] values = new double[fields.Length - 1];
        for (int i = 0; i < values.Length; i++)
        {
            if (!DataFile.TryNumber(fields[i + 1], out values[i])) { return $"value {i + 2} is {DataFile.Quote(fields[i + 1])}; it must be a finite number"; }
        }
        row = polygons ? Around((int)kind, values) : new((int)kind, values[0], values[1], values[2], values[3]);
        return OutOfRange("the centre's x", row.CentreX) ?? OutOfRange("the centre's y", row.CentreY) ?? OutOfRange("the width", row.Width) ?? OutOfRange("the height", row.Height);
    }

    private static string? OutOfRange(string what, double value) => value is >= Least and <= Most
        ? null
        : Invariant($"{what} is {value}; it must lie between {Least} and {Most}, as a fraction of the picture");

    private static YoloRow Around(int kind, double[] points)
    {
        (double left, double top, double right, double bottom) = (points[0], points[1], points[0], points[1]);
        for (int i = 2; i < points.Length; i += 2)
        {
            (left, right) = (Math.Min(left, points[i]), Math.Max(right, points[i]));
            (top, bottom) = (Math.Min(top, points[i + 1]), Math.Max(bottom, points[i + 1]));
        }
        return new(kind, (left + right) / 2, (top + bottom) / 2, right - left, bottom - top);
    }

    private static List<YoloRow> Distinct(List<YoloRow> rows, string place, DataProblems problems)
    {
        HashSet<YoloRow> distinct = [.. rows];
        int repeated = rows.Count - distinct.Count;
        if (repeated == 0) { return rows; }
        problems.Add(place, repeated == 1 ? "1 line repeats another; it counts once" : $"{repeated} lines repeat others; they count once");
        List<YoloRow> sorted = [.. distinct];
        sorted.Sort(YoloRow.Compare);
        return sorted;
    }
}
