using Microsoft.ML.OnnxRuntime;
using OpenVocab.Imaging;

namespace OpenVocab.Inference;

/// <summary>
/// What the inputs and outputs of a detector are, found by rank, dimensions, type and values: every exporter has other names.
/// </summary>
internal sealed record ModelSignature
{
    private static readonly InputSize s_usualSize = new(640);

    /// <summary>The input that takes the picture.</summary>
    internal required PictureRole Picture { get; init; }

    /// <summary>The input that takes the words; null for a network whose classes were fixed when it was exported.</summary>
    internal required TextRole? Text { get; init; }

    /// <summary>Which outputs are read, and how.</summary>
    internal required OutputLayout Layout { get; init; }

    /// <summary>What the exporter wrote beside the network.</summary>
    internal required ModelMetadata Metadata { get; init; }

    /// <summary>The network's own classes, where it has no text input.</summary>
    internal IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The output that says what regions are before they meet any word, or null.</summary>
    internal RegionRole? Regions { get; init; }

    /// <summary>Where <see cref="Classes"/> come from.</summary>
    internal ClassNameOrigin ClassOrigin { get; init; }

    /// <summary>True where several pictures can go through the network at once.</summary>
    internal bool HasFreeBatch => Picture.Batch < 0;

    /// <summary>Reads the signature of an open session.</summary>
    /// <param name="session">Open.</param>
    /// <param name="path">For messages.</param>
    /// <param name="keepsContract">True: the outputs are as ARCHITECTURE.md says, which spares a trial run.</param>
    /// <param name="size">For a trial run of a network of free size; null: as the file says, or 640.</param>
    /// <exception cref="ModelException">The network is no detector, or one whose inputs or outputs are of a kind that is not known.</exception>
    internal static ModelSignature Read(InferenceSession session, string path, bool keepsContract, InputSize? size)
    {
        (PictureRole picture, TextRole? text) = InputRules.Find(TensorDescription.Of(session.InputNames, session.InputMetadata), path);
        IReadOnlyList<TensorDescription> outputs = TensorDescription.Of(session.OutputNames, session.OutputMetadata);
        ModelMetadata metadata = ModelMetadata.Read(session, path);
        if (metadata.Task is { } task && task != "detect")
        {
            throw new ModelException($"{path}: this is a model for the task \"{task}\"; a detector (task \"detect\") is needed.", "Use a detection model: its file name has no -seg, -pose, -obb or -cls.");
        }
        int named = metadata.Names?.Count ?? -1;
        OutputLayout? layout = keepsContract && text is not null ? OfContract(outputs) : OfUltralytics(outputs, metadata, picture);
        if (layout is null)
        {
            OutputFacts facts = TrialRun.Run(session, path, picture, text, size ?? metadata.ImageSize ?? s_usualSize, named);
            // Names that do not fit the outputs are the weaker evidence.
            layout = OutputRules.Find(facts) ?? (text is null ? OutputRules.Find(facts with { Classes = -1 }) : null) ?? throw Unknown(path, outputs, facts);
        }
        ModelSignature signature = new() { Picture = picture, Text = text, Layout = layout, Metadata = metadata, Regions = text is null ? null : RegionRole.Find(outputs, layout.Outputs) };
        return text is null ? signature.WithClasses() : signature;
    }

    // `regions` and the like come after the boxes in every graph that has them.
    private static OutputLayout? OfContract(IReadOnlyList<TensorDescription> outputs) => outputs.FirstOrDefault(output => output.Rank == 3) is not { } found ? null
        : found.Shape[2] == 6 && found.Shape[1] is > 0 and <= 1000 ? OutputLayout.EndToEnd(found.Name)
        : OutputLayout.ChannelMajor(found.Name);

    // What the most common exporter writes needs no trial: its one output is described by its dimensions and its metadata.
    private static OutputLayout? OfUltralytics(IReadOnlyList<TensorDescription> outputs, ModelMetadata metadata, PictureRole picture)
    {
        if (metadata is not { Task: "detect", Names: { } names } || outputs is not [{ Rank: 3 } output] || picture.Type == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.UInt8) { return null; }
        (int rows, int columns) = (output.Shape[1], output.Shape[2]);
        if (columns == 6 && rows is > 0 and <= 1000 && rows != 4 + names.Count) { return OutputLayout.EndToEnd(output.Name); }
        return rows == 4 + names.Count && columns != rows ? OutputLayout.ChannelMajor(output.Name, names.Count) : null;
    }

    private ModelSignature WithClasses()
    {
        int count = Layout.Classes;
        if (Metadata.Names is { } names)
        {
            // A name for every score; a network that names classes beside its boxes has as many as there are names.
            IEnumerable<string> fitting = count < 0 ? names : names.Take(count).Concat(Enumerable.Range(names.Count, Math.Max(count - names.Count, 0)).Select(ModelMetadata.NumberedName));
            return this with { Classes = [.. fitting], ClassOrigin = ClassNameOrigin.Metadata };
        }
        return count >= 0
            ? this with { Classes = [.. Enumerable.Range(0, count).Select(ModelMetadata.NumberedName)], ClassOrigin = ClassNameOrigin.Numbers }
            : this with { Classes = CocoNames.All, ClassOrigin = ClassNameOrigin.Assumed };
    }

    private static ModelException Unknown(string path, IReadOnlyList<TensorDescription> outputs, OutputFacts facts)
    {
        string gave = string.Join(", ", facts.Outputs.Select(output => $"{output.Name} [{string.Join(", ", output.Shape)}]"));
        string prompts = facts.Classes < 0 ? "" : $" for {facts.Classes} classes";
        string masks = facts.OfRank(3).Count > 0 && facts.OfRank(4).Count > 0 ? " One with four dimensions beside one with three is how segmentation models are." : "";
        return new(
            $"{path}: the outputs are of no kind that is known: the file has {string.Join(", ", outputs)}; a trial run at {facts.Height}x{facts.Width}{prompts} gave {gave}.{masks}",
            "Use a detection model: one output of boxes and scores, two of boxes and of scores, boxes after suppression, or maps for each level.");
    }
}
