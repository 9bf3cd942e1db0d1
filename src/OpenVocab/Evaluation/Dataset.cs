namespace OpenVocab.Evaluation;

/// <summary>Opens labelled data of any of the known forms. Safe for any number of threads.</summary>
public static class Dataset
{
    private static readonly string[] s_yaml = [".yaml", ".yml"];

    /// <summary>Reads the labels; pictures are not decoded.</summary>
    /// <param name="path">
    /// A COCO file (<c>.json</c>); a YOLO <c>data.yaml</c>, or the folder that holds it; a folder in Pascal VOC's layout (<c>Annotations</c>, <c>ImageSets</c>, <c>JPEGImages</c>) or with XML files beside
    /// the pictures; a folder in COCO's layout (<c>annotations/instances_val2017.json</c>, <c>val2017</c>).
    /// </param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="SourceException">There is no such data, or it cannot be read at all. What is wrong with single entries stands in <see cref="LabelledDataset.Problems"/>.</exception>
    public static LabelledDataset Open(string path, DatasetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new();
        DatasetSplit.Check(options.Split);
        try
        {
            if (File.Exists(path)) { return OpenFile(path, options); }
            return Directory.Exists(path) ? OpenFolder(path, options) : throw new SourceException(SourceFault.NotFound, $"{path}: there is no such file or folder.", "Check the path.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceFault.NotReadable, $"{path}: the data cannot be read: {fault.Message}", "Check the rights of the folder and of what is in it.", fault);
        }
    }

    private static LabelledDataset OpenFile(string path, DatasetOptions options) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JSON" => CocoLabels.Read(path, options),
        ".YAML" or ".YML" => YoloLabels.Read(path, options),
        ".XML" => throw new SourceException(SourceFault.Unsupported, $"{path}: this is one file of Pascal VOC data, which have one for each picture.", "Give the folder of the set."),
        _ => throw new SourceException(
            SourceFault.Unsupported, $"{path}: labelled data do not end in {DataFile.Quote(Path.GetExtension(path))}; .json (COCO) and .yaml (YOLO) are read, and folders.", "Give a COCO file, a data.yaml, or the folder of a set."),
    };

    private static LabelledDataset OpenFolder(string folder, DatasetOptions options)
    {
        if (FindYaml(folder) is { } yaml) { return YoloLabels.Read(yaml, options); }
        if (VocFolder.Find(folder) is { } voc) { return VocLabels.Read(voc, options); }
        if (CocoFolder.Find(folder, options.Split) is { } coco) { return CocoLabels.Read(coco.File, options with { ImageFolder = options.ImageFolder ?? coco.Pictures }); }
        // Roboflow's export of VOC data has a folder for each part, which is a set of its own.
        VocFolder? part = DatasetSplit.Names(options.Split).Select(name => Path.Combine(folder, name)).Where(Directory.Exists).Select(VocFolder.Find).FirstOrDefault(found => found is not null);
        if ((part ?? VocFolder.FindBelow(folder)) is { } below) { return VocLabels.Read(below, options); }
        throw new SourceException(
            SourceFault.Unsupported,
            $"{folder}: no labelled data were found here: neither data.yaml (YOLO), nor Annotations/*.xml or *.xml beside pictures (Pascal VOC), " +
            $"nor annotations/instances_{options.Split}*.json or {options.Split}/_annotations.coco.json (COCO).",
            "Give a COCO .json file, a YOLO data.yaml, or a folder in one of these layouts.");
    }

    private static string? FindYaml(string folder)
    {
        string usual = Path.Combine(folder, "data.yaml");
        if (File.Exists(usual)) { return usual; }
        string[] found = [.. s_yaml.SelectMany(ending => DataFile.In(folder, ending)).Where(YoloDescription.Describes)];
        return found.Length < 2 ? found.FirstOrDefault() : throw new SourceException(
            SourceFault.Unsupported, $"{folder}: several YAML files here name classes: {string.Join(", ", found.Select(path => Path.GetFileName(path)))}.", $"Give one of them, such as {found[0]}.");
    }
}
