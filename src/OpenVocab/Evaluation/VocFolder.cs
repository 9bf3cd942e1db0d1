namespace OpenVocab.Evaluation;

/// <summary>Where the parts of Pascal VOC data lie.</summary>
/// <param name="Root">The set's folder.</param>
/// <param name="Annotations">The folder of the XML files.</param>
/// <param name="PictureFolders">Where pictures are looked for, in this order.</param>
internal sealed record VocFolder(string Root, string Annotations, IReadOnlyList<string> PictureFolders)
{
    private const long LargestList = 64 * 1024 * 1024;

    // The second spelling is Kaggle's, with the pictures in "images".
    private static readonly string[] s_annotations = ["Annotations", "annotations"];

    /// <summary>Recognises a folder with <c>Annotations/*.xml</c>, or with XML files beside pictures; null for any other.</summary>
    internal static VocFolder? Find(string folder)
    {
        foreach (string name in s_annotations)
        {
            string annotations = Path.Combine(folder, name);
            if (DataFile.In(annotations, ".xml").Length > 0) { return new(folder, annotations, [Path.Combine(folder, "JPEGImages"), Path.Combine(folder, "images"), annotations, folder]); }
        }
        return DataFile.In(folder, ".xml").Length > 0 && DatasetPictures.Any(folder) ? new(folder, folder, [folder]) : null;
    }

    /// <summary>Recognises a folder with one such folder in it (<c>VOCdevkit/VOC2007</c>); null if there is none.</summary>
    /// <exception cref="SourceException">There are several.</exception>
    internal static VocFolder? FindBelow(string folder)
    {
        string devkit = Path.Combine(folder, "VOCdevkit");
        string parent = Directory.Exists(devkit) ? devkit : folder;
        VocFolder[] found = [.. Directory.EnumerateDirectories(parent).Order(StringComparer.Ordinal).Select(Find).OfType<VocFolder>()];
        return found.Length < 2 ? found.FirstOrDefault() : throw new SourceException(
            SourceFault.Unsupported, $"{parent}: there are several sets of Pascal VOC data here: {string.Join(", ", found.Select(set => Path.GetFileName(set.Root)))}.",
            $"Give one of them, such as {found[0].Root}.");
    }

    /// <summary>The XML files of a part: those that its image set names, or all where the data have no image sets.</summary>
    /// <exception cref="SourceException">There are image sets, but not this one.</exception>
    internal IReadOnlyList<string> Files(string split, DataProblems problems, List<string> notices)
    {
        string[] sets = [.. DataFile.In(Path.Combine(Root, "ImageSets", "Main"), ".txt").Where(set => !IsOfOneClass(set))];
        if (sets.Length == 0)
        {
            string[] all = DataFile.In(Annotations, ".xml");
            notices.Add($"The data have no image sets (ImageSets/Main/{split}.txt): all {all.Length} XML files were read.");
            return all;
        }
        string? set = DatasetSplit.Names(split).Select(name => Array.Find(sets, path => Path.GetFileNameWithoutExtension(path) == name)).FirstOrDefault(path => path is not null);
        if (set is not null) { return Listed(set, problems); }
        string[] present = [.. sets.Select(path => Path.GetFileNameWithoutExtension(path))];
        throw new SourceException(
            SourceFault.NotFound, $"{Root}: there is no image set {split}; ImageSets/Main has {string.Join(", ", present.Take(10))}{(present.Length > 10 ? " …" : "")}.",
            $"Choose one of these (--split {present[0]}; in code: DatasetOptions.Split).");
    }

    /// <summary>The picture of an XML file: by the name that the file gives, else by the file's own name; null where there is none.</summary>
    /// <param name="written">May be a path of another machine, of which the last part counts.</param>
    /// <param name="file">The XML file.</param>
    /// <param name="folder">Looked in first; null: none.</param>
    internal string? Picture(string? written, string file, string? folder)
    {
        string name = written is null ? "" : written[(written.LastIndexOfAny(['/', '\\']) + 1)..];
        string[] folders = [.. folder is null ? PictureFolders : PictureFolders.Prepend(Path.GetFullPath(folder)), Path.GetDirectoryName(file)!];
        if (name.Length > 0)
        {
            foreach (string place in folders)
            {
                if (DataFile.Resolve(place, name) is { } path && File.Exists(path)) { return path; }
            }
        }
        return folders.Select(place => DatasetPictures.WithStem(place, Path.GetFileNameWithoutExtension(file))).FirstOrDefault(path => path is not null);
    }

    /// <summary>Files such as <c>cat_val.txt</c> hold a flag behind each id: they say in which pictures one class is.</summary>
    private static bool IsOfOneClass(string set) =>
        DataFile.Lines(DataFile.ReadText(set, LargestList)).Any(line => line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length > 1);

    private List<string> Listed(string set, DataProblems problems)
    {
        List<string> files = [];
        HashSet<string> seen = [];
        int number = 0;
        foreach (string line in DataFile.Lines(DataFile.ReadText(set, LargestList)))
        {
            number++;
            string id = line.Trim(), place = $"{DataFile.Shown(Root, set)}, line {number}";
            if (id.Length == 0) { continue; }
            if (Path.IsPathRooted(id) || id.Split('/', '\\').Contains("..") || DataFile.Resolve(Annotations, $"{id}.xml") is not { } file)
            {
                problems.Add(place, $"the id is {DataFile.Quote(id)}, which is no name of a file below {Path.GetFileName(Annotations)}; the line is left out");
            }
            else if (seen.Add(file)) { files.Add(file); }
            else { problems.Add(place, $"the id {DataFile.Quote(id)} is listed more than once; it counts once"); }
        }
        return files;
    }
}
