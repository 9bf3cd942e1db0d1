namespace OpenVocab.Evaluation;

/// <summary>Finds the pictures of one part of a YOLO data set, and their label files.</summary>
internal static class YoloPictures
{
    private const long LargestList = 512L * 1024 * 1024;

    private static readonly char[] s_separators = ['/', '\\'];

    /// <summary>The folder that the parts are relative to.</summary>
    internal static string Root(YoloDescription description, DatasetOptions options, List<string> notices)
    {
        string home = Path.GetDirectoryName(Path.GetFullPath(description.FilePath))!;
        if (options.ImageFolder is not null) { return Path.GetFullPath(options.ImageFolder); }
        if (description.Root is not { } written) { return home; }
        if (DataFile.Resolve(home, written) is { } root && Directory.Exists(root)) { return root; }
        notices.Add($"{description.FilePath}: path is {DataFile.Quote(written)}, and there is no such folder; the parts were looked for in the folder of the YAML file.");
        return home;
    }

    /// <summary>The pictures of a part, sorted by path. Those of a list may be missing.</summary>
    /// <exception cref="SourceException">A folder or a list of the part is missing, or there is no picture at all.</exception>
    internal static List<string> Find(YoloDescription description, string root, string split, DataProblems problems)
    {
        List<string> pictures = [];
        IReadOnlyList<string> entries = description.Entries(split);
        foreach (string entry in entries)
        {
            string path = Place(entry, root, description, split);
            if (Directory.Exists(path)) { pictures.AddRange(DatasetPictures.Below(path)); }
            else if (path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)) { AddList(path, root, pictures, problems); }
            else { throw new SourceException(SourceFault.Unsupported, $"{description.FilePath}: {split} is {DataFile.Quote(entry)}; it must be a folder, or a list that ends in .txt.", "Correct the part in the YAML file."); }
        }
        pictures.Sort(StringComparer.Ordinal);
        if (pictures.Count == 0)
        {
            throw new SourceException(
                SourceFault.NotFound, $"{description.FilePath}: there is no picture in {split} ({string.Join(", ", entries.Select(DataFile.Quote))} below {root}).", "Check path and the folders of the parts in the YAML file.");
        }
        return Distinct(pictures, root, problems);
    }

    /// <summary>Where the labels of a picture lie: its path with the last <c>/images/</c> as <c>/labels/</c>, and the ending <c>.txt</c>. Without such a folder: beside it.</summary>
    internal static string LabelFile(string picture)
    {
        string labels = Path.ChangeExtension(picture, ".txt");
        for (int end = labels.LastIndexOfAny(s_separators); end > 0;)
        {
            int start = labels.LastIndexOfAny(s_separators, end - 1);
            if (start >= 0 && labels.AsSpan(start + 1, end - start - 1).SequenceEqual("images")) { return string.Concat(labels.AsSpan(0, start + 1), "labels", labels.AsSpan(end)); }
            end = start;
        }
        return labels;
    }

    private static string Place(string entry, string root, YoloDescription description, string split)
    {
        string? path = DataFile.Resolve(root, entry);
        if (Path.Exists(path)) { return path!; }
        // Roboflow writes the folders as if the YAML file lay one folder deeper; Ultralytics forgives it.
        if (entry.StartsWith("../", StringComparison.Ordinal) && DataFile.Resolve(root, entry[3..]) is { } nearer && Path.Exists(nearer)) { return nearer; }
        throw new SourceException(
            SourceFault.NotFound, $"{description.FilePath}: {split} is {DataFile.Quote(entry)}, and there is no such folder or list ({(path is null ? "no path can be called so" : DataFile.Quote(path))}).",
            "Correct path and the folders of the parts in the YAML file, or fetch the pictures.");
    }

    private static void AddList(string list, string root, List<string> pictures, DataProblems problems)
    {
        string folder = Path.GetDirectoryName(list)!;
        int number = 0;
        foreach (string line in DataFile.Lines(DataFile.ReadText(list, LargestList)))
        {
            number++;
            if (line.Trim() is not { Length: > 0 } entry) { continue; }
            if (pictures.Count >= DatasetPictures.MostPictures)
            {
                throw new SourceException(SourceFault.TooLarge, $"{list}, line {number}: more than {DatasetPictures.MostPictures} pictures are listed.", "Give a shorter list.");
            }
            if (DataFile.Resolve(folder, entry) is not { } path)
            {
                problems.Add($"{DataFile.Shown(root, list)}, line {number}", $"no picture can be called {DataFile.Quote(entry)}; the line is left out");
                continue;
            }
            pictures.Add(!File.Exists(path) && DataFile.Resolve(root, entry) is { } other && File.Exists(other) ? other : path);
        }
    }

    private static List<string> Distinct(List<string> sorted, string root, DataProblems problems)
    {
        List<string> distinct = new(sorted.Count);
        foreach (string path in sorted)
        {
            if (distinct.Count == 0 || distinct[^1] != path) { distinct.Add(path); }
            else { problems.Add(DataFile.Shown(root, path), "the picture is listed more than once; it counts once"); }
        }
        return distinct;
    }
}
