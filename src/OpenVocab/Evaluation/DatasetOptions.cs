namespace OpenVocab.Evaluation;

/// <summary>How labelled data are read. Immutable; change it by <c>with</c>.</summary>
public sealed record DatasetOptions
{
    /// <summary>Which part of a set that has several: <c>train</c>, <c>val</c>, <c>test</c>, or what its files call it. Ignored for a single COCO file.</summary>
    public string Split { get; init; } = "val";

    /// <summary>Folder that the pictures' names are relative to. Null: the folder of the COCO file, or what the format says.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>Whether VOC's boxes count pixels from 1, with both edges inside, as the original data do. False: from 0, the right and lower edge outside, as labelImg and others write.</summary>
    public bool OneBased { get; init; } = true;

    /// <summary>
    /// Whether what is marked as difficult is neither an object to be found nor a mistake (<see cref="LabelKinds.Ignored"/>). False: it counts as any other object, as in pycocotools, which knows no such mark.
    /// </summary>
    public bool IgnoreDifficult { get; init; } = true;

    /// <summary>Whether a COCO file's <c>info.exhaustive</c>, a list of class names, limits the classes: of the others not all objects are labelled. pycocotools knows no such list.</summary>
    public bool OnlyExhaustive { get; init; } = true;

    /// <summary>Whether a COCO file's <c>ignore</c> counts, as by LVIS' rules. COCO's own overwrite it with <c>iscrowd</c>.</summary>
    public bool HonourIgnore { get; init; }

    /// <summary>Whether the annotation with id 0 takes a detection without being found, as in pycocotools, where 0 means "no match". False: it counts as any other.</summary>
    public bool UncreditIdZero { get; init; } = true;
}
