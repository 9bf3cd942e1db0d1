namespace OpenVocab.Evaluation;

/// <summary>Stands here until the reader of COCO's files is merged.</summary>
internal static class CocoLabels
{
    internal static LabelledDataset Read(string path, DatasetOptions options) => throw new NotSupportedException($"{path}: COCO's files are not read yet ({options.Split}).");
}
