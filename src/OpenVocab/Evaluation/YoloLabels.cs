using OpenVocab.Imaging;

namespace OpenVocab.Evaluation;

/// <summary>Reads YOLO data: a YAML file, folders of pictures, and a text file of labels beside each. As Ultralytics' reader takes them, but that nothing is left out without a word.</summary>
internal static class YoloLabels
{
    private const int SmallestSide = 10;

    /// <summary>Reads the part that the options name. Sizes come from the pictures' headers.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="options">Of these, <see cref="DatasetOptions.ImageFolder"/> takes the place of the file's own <c>path</c>.</param>
    /// <exception cref="SourceException">The YAML file cannot be read, or there is no picture that can be used.</exception>
    internal static LabelledDataset Read(string path, DatasetOptions options)
    {
        YoloDescription description = YoloDescription.Read(path);
        IReadOnlyList<DatasetClass> classes = description.Classes();
        DataProblems problems = new();
        List<string> notices = [];
        string root = YoloPictures.Root(description, options, notices);
        List<string> pictures = YoloPictures.Find(description, root, options.Split, problems);
        List<DatasetImage> images = [];
        List<LabelledBox> labels = [];
        int files = 0, polygonFiles = 0;
        foreach (string picture in pictures)
        {
            string id = DataFile.Shown(root, picture);
            if (SizeOf(picture, id, problems) is not { } size) { continue; }
            string labelFile = YoloPictures.LabelFile(picture);
            bool labelled = File.Exists(labelFile), polygons = false;
            if (labelled)
            {
                files++;
                if (RowsOf(labelFile, root, classes.Count, problems, out polygons) is not { } rows) { continue; }
                foreach (YoloRow row in rows) { labels.Add(row.ToBox(images.Count, size.Width, size.Height)); }
            }
            polygonFiles += polygons ? 1 : 0;
            images.Add(new(id, picture, size.Width, size.Height));
        }
        if (images.Count == 0)
        {
            throw new SourceException(
                SourceFault.Damaged, $"{path}: none of the {pictures.Count} pictures of {options.Split} can be used; the first: {problems.First[0]}.", "Repair the pictures and their label files.");
        }
        if (files == 0) { notices.Add($"No picture has a label file ({YoloPictures.LabelFile(pictures[0])} was looked for first): all count as pictures without objects."); }
        if (polygonFiles > 0) { notices.Add($"Label files that hold polygons: {polygonFiles}; the boxes around these were taken."); }
        return new(path, images, classes, labels, problems) { Notices = notices };
    }

    private static UprightSize? SizeOf(string picture, string id, DataProblems problems)
    {
        if (UprightSize.Read(picture, out string why) is not { } size)
        {
            problems.Add(id, $"{why}; the picture is left out");
            return null;
        }
        if (Math.Min(size.Width, size.Height) >= SmallestSide) { return size; }
        problems.Add(id, $"the picture is {size.Width} x {size.Height} pixels; a side must have at least {SmallestSide}; it is left out, as Ultralytics does");
        return null;
    }

    private static List<YoloRow>? RowsOf(string file, string root, int classes, DataProblems problems, out bool polygons)
    {
        string place = DataFile.Shown(root, file);
        if (DataFile.TryRead(file, YoloLabelFile.LargestFile, out byte[] bytes, out string why)) { return YoloLabelFile.Parse(DataFile.Text(bytes), classes, place, problems, out polygons); }
        problems.Add(place, $"{why}; the picture is left out");
        polygons = false;
        return null;
    }
}
