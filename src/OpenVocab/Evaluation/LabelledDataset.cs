using OpenVocab.Prompts;

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

    /// <summary>The same pictures with some of the classes.</summary>
    /// <param name="names">In the order that the classes get.</param>
    /// <exception cref="PromptException">There is no such class; the message names near ones.</exception>
    public LabelledDataset Only(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        int[] newIndex = [.. Classes.Select(_ => CocoIds.NotEvaluated)];
        List<DatasetClass> chosen = [];
        foreach (string name in names)
        {
            int at = IndexOf(name);
            newIndex[at] = chosen.Count;
            chosen.Add(Classes[at]);
        }
        return this with
        {
            Classes = chosen,
            Labels = [.. Labels.Where(label => newIndex[label.Class] >= 0).Select(label => label with { Class = newIndex[label.Class] })],
            Ids = Ids is { } ids ? ids with { Categories = ids.Categories.ToDictionary(id => id.Key, id => id.Value < 0 ? id.Value : newIndex[id.Value]) } : null,
        };
    }

    /// <summary>The same classes without the labels of pictures that could not be looked at.</summary>
    internal LabelledDataset OnlyImages(IReadOnlySet<int> images) => this with { Labels = [.. Labels.Where(label => images.Contains(label.Image))] };

    internal int IndexOf(string name)
    {
        for (int i = 0; i < Classes.Count; i++)
        {
            if (Classes[i].Name == name) { return i; }
        }
        IReadOnlyList<string> near = NearNames.Find(name, Classes.Select(each => each.Name));
        string hint = near.Count > 0 ? $"; near are {string.Join(", ", near.Select(PromptFaults.Quote))}" : "";
        throw new PromptException($"{Name} has no class {PromptFaults.Quote(name)}{hint}.", "Name classes as the data do; what they are called in prompts stands in a prompt file (docs/evaluation.md).");
    }
}
