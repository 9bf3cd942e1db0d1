namespace OpenVocab.Evaluation;

/// <summary>A picture of a data set.</summary>
/// <param name="Id">What the data call it: COCO's id, or the path below the set's folder.</param>
/// <param name="Path">Where it lies; it may be missing, and is looked for when it is needed.</param>
/// <param name="Width">Pixels, as the labels have it; 0 where they do not say.</param>
/// <param name="Height">Pixels, as the labels have it; 0 where they do not say.</param>
public sealed record DatasetImage(string Id, string Path, int Width, int Height)
{
    /// <summary>Which classes it was looked at for, in a federated set (LVIS); null: for all of them.</summary>
    public FederatedImage? Federated { get; init; }
}

/// <summary>A class of a data set.</summary>
/// <param name="Name">As the data have it.</param>
/// <param name="Frequency">How often it is seen, in LVIS' sets.</param>
public sealed record DatasetClass(string Name, ClassFrequency Frequency = ClassFrequency.Unknown);

/// <summary>Labelled pictures, in whatever form they came: the labels' image and class are indices into <see cref="Images"/> and <see cref="Classes"/>. Immutable.</summary>
/// <param name="Name">For people: the file or folder.</param>
/// <param name="Images">In the order in which they are evaluated.</param>
/// <param name="Classes">In the order of their ids.</param>
/// <param name="Labels">In the order of the file, or of the pictures.</param>
/// <param name="Problems">What is wrong with the data, and what was done about it.</param>
public sealed record LabelledDataset(
    string Name, IReadOnlyList<DatasetImage> Images, IReadOnlyList<DatasetClass> Classes, IReadOnlyList<LabelledBox> Labels, DataProblems Problems)
{
    /// <summary>What a person should know about how the data were read, though nothing is wrong with them: a sentence each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>What the ids of a COCO file mean; null for other forms.</summary>
    internal CocoIds? Ids { get; init; }
}
