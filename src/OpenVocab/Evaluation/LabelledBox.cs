namespace OpenVocab.Evaluation;

/// <summary>How a labelled box takes part in an evaluation.</summary>
[Flags]
public enum LabelKinds
{
    /// <summary>An object that should be found.</summary>
    None = 0,

    /// <summary>A region of many objects (COCO's <c>iscrowd</c>): any number of detections may lie in it, and none of them counts.</summary>
    Crowd = 1,

    /// <summary>Neither to be found nor a mistake (LVIS' <c>ignore</c>, VOC's <c>difficult</c>): one detection on it does not count.</summary>
    Ignored = 2,

    /// <summary>A detection takes it and counts as false: what pycocotools does with the annotation whose id is 0, because 0 means "no match" there.</summary>
    Uncredited = 4,
}

/// <summary>A box that a person has drawn. Pixels; the right and lower edges are <c>X + Width</c> and <c>Y + Height</c>.</summary>
/// <param name="Image">Index of its picture, from 0.</param>
/// <param name="Class">Index of its class, from 0.</param>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Width. A box without extent can never be found, and counts all the same.</param>
/// <param name="Height">Height.</param>
public readonly record struct LabelledBox(int Image, int Class, double X, double Y, double Width, double Height)
{
    /// <summary>What decides whether it is small, medium or large, in square pixels: in COCO's files the area of the object's mask. Default: width × height.</summary>
    public double Area { get; init; } = Width * Height;

    /// <summary>How it takes part.</summary>
    public LabelKinds Kinds { get; init; }
}

/// <summary>A box that a detector has given. Pixels; the right and lower edges are <c>X + Width</c> and <c>Y + Height</c>.</summary>
/// <param name="Image">Index of its picture, from 0.</param>
/// <param name="Class">Index of its class, from 0.</param>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
/// <param name="Score">Any finite number; only the order counts. Of equal scores the earlier detection comes first.</param>
public readonly record struct ScoredBox(int Image, int Class, double X, double Y, double Width, double Height, double Score)
{
    /// <summary>Makes one of a detection.</summary>
    /// <param name="image">Index of its picture, from 0.</param>
    /// <param name="detection">Its class id is the index of the class.</param>
    public static ScoredBox From(int image, Detection detection) => new(
        image, detection.ClassId, detection.Box.X1, detection.Box.Y1, (double)detection.Box.X2 - detection.Box.X1, (double)detection.Box.Y2 - detection.Box.Y1, detection.Score);
}
