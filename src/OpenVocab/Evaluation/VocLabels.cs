namespace OpenVocab.Evaluation;

/// <summary>Reads Pascal VOC data: an XML file for each picture. The format has no list of classes: they are the names that occur, sorted.</summary>
internal static class VocLabels
{
    /// <summary>Reads the part that the options name.</summary>
    /// <exception cref="SourceException">There is no such part, or none of its pictures can be used.</exception>
    internal static LabelledDataset Read(VocFolder folder, DatasetOptions options)
    {
        DataProblems problems = new();
        List<string> notices = [];
        List<DatasetImage> images = [];
        List<(int Image, VocObject Object)> objects = [];
        Dictionary<string, string> owners = [];
        IReadOnlyList<string> files = folder.Files(options.Split, problems, notices);
        foreach (string path in files)
        {
            string place = DataFile.Shown(folder.Root, path);
            if (FileOf(path, place, problems) is not { } file) { continue; }
            if (folder.Picture(file.FileName, path, options.ImageFolder) is not { } picture)
            {
                problems.Add(place, $"there is no picture {DataFile.Quote(file.FileName ?? Path.GetFileNameWithoutExtension(path))}; the file is left out");
                continue;
            }
            string id = DataFile.Shown(folder.Root, picture);
            if (!owners.TryAdd(picture, place))
            {
                problems.Add(place, $"its picture {DataFile.Quote(id)} is that of {owners[picture]}; the later file is left out");
                continue;
            }
            foreach (VocObject found in file.Objects) { objects.Add((images.Count, found)); }
            images.Add(new(id, picture, file.Width, file.Height));
        }
        if (images.Count == 0)
        {
            throw new SourceException(
                SourceFault.Damaged, $"{folder.Root}: none of the {files.Count} XML files of {options.Split} can be used{(problems.Count > 0 ? $"; the first: {problems.First[0]}" : "")}.",
                "Repair the XML files, or give the folder of the pictures (--images; in code: DatasetOptions.ImageFolder).");
        }
        string[] names = [.. objects.Select(item => item.Object.Name).Distinct().Order(StringComparer.Ordinal)];
        List<LabelledBox> labels = Boxes(objects, names, options, problems);
        AddNotices(objects, labels, options, notices);
        return new(folder.Root, images, [.. names.Select(name => new DatasetClass(name))], labels, problems) { Notices = notices };
    }

    private static VocFile? FileOf(string path, string place, DataProblems problems)
    {
        if (DataFile.TryRead(path, VocFile.LargestFile, out byte[] bytes, out string why)) { return VocFile.Parse(bytes, place, problems); }
        problems.Add(place, $"{why}; the picture is left out");
        return null;
    }

    private static List<LabelledBox> Boxes(List<(int Image, VocObject Object)> objects, string[] names, DatasetOptions options, DataProblems problems)
    {
        List<LabelledBox> boxes = new(objects.Count);
        foreach ((int image, VocObject found) in objects)
        {
            // detectron2's reading: pixel 1 is the first, and 1 to W is the whole width.
            (double left, double top) = options.OneBased ? (Math.Max(found.XMin - 1, 0), Math.Max(found.YMin - 1, 0)) : (found.XMin, found.YMin);
            (double width, double height) = (found.XMax - left, found.YMax - top);
            if (!(width > 0 && height > 0))
            {
                problems.Add(found.Place, Invariant($"the box from {found.XMin}, {found.YMin} to {found.XMax}, {found.YMax} has no extent; the object is left out"));
                continue;
            }
            LabelKinds kinds = found.Difficult && options.IgnoreDifficult ? LabelKinds.Ignored : LabelKinds.None;
            boxes.Add(new(image, Array.BinarySearch(names, found.Name, StringComparer.Ordinal), left, top, width, height) { Kinds = kinds });
        }
        return boxes;
    }

    private static void AddNotices(List<(int Image, VocObject Object)> objects, List<LabelledBox> labels, DatasetOptions options, List<string> notices)
    {
        int difficult = objects.Count(item => item.Object.Difficult), atZero = objects.Count(item => item.Object.XMin < 1 || item.Object.YMin < 1);
        if (difficult > 0)
        {
            notices.Add(options.IgnoreDifficult
                ? $"Objects marked as difficult: {labels.Count(label => label.Kinds.HasFlag(LabelKinds.Ignored))}; they need not be found, and a detection on one is no mistake."
                : $"Objects marked as difficult: {difficult}; they count as any other.");
        }
        if (atZero > 0 && options.OneBased)
        {
            notices.Add($"Boxes that begin before pixel 1: {atZero}, although VOC counts from 1; if the tool that wrote them counts from 0, use --zero-based (in code: DatasetOptions.OneBased = false).");
        }
    }
}
