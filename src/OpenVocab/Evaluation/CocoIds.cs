namespace OpenVocab.Evaluation;

/// <summary>What the ids of a COCO file mean: index of each picture and of each class.</summary>
internal sealed record CocoIds(IReadOnlyDictionary<EntryId, int> Images, IReadOnlyDictionary<EntryId, int> Categories)
{
    /// <summary>Stands for a category that is listed and left out on purpose.</summary>
    internal const int NotEvaluated = -1;

    /// <summary>Finds the picture and class of an entry; what is wrong with it is added to the problems.</summary>
    internal bool TryFind(in CocoEntry entry, Func<string> place, DataProblems problems, out int image, out int classId)
    {
        (image, classId) = (0, 0);
        string? fault = entry.Fault
            ?? (entry.Image is null ? "it has no image_id" : entry.Category is null ? "it has no category_id" : !entry.HasBox ? "it has no bbox" : null)
            ?? (!Images.TryGetValue(entry.Image!.Value, out image) ? $"its image_id is {entry.Image}; there is no such image" : null)
            ?? (!Categories.TryGetValue(entry.Category!.Value, out classId) ? $"its category_id is {entry.Category}; there is no such category" : null);
        if (fault is not null) { problems.Add(place(), $"{fault}; it is left out"); }
        return fault is null;
    }
}
