namespace OpenVocab.Evaluation;

/// <summary>Opens labelled data of any of the known forms. Safe for any number of threads.</summary>
public static class Dataset
{
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
        return CocoLabels.Read(path, options);
    }
}
