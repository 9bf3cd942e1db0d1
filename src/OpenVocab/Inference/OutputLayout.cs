using OpenVocab.Decoding;

namespace OpenVocab.Inference;

/// <summary>Which outputs of a network are read, and how.</summary>
internal sealed record OutputLayout
{
    /// <summary>Names of the outputs that are read, in the order in which the decoder wants them.</summary>
    internal required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>What each of <see cref="Outputs"/> is, in words.</summary>
    internal required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Makes the decoder; each inference slot has its own.</summary>
    internal required Func<IOutputDecoder> NewDecoder { get; init; }

    /// <summary>True where the number of rows depends on the picture.</summary>
    internal bool HasFreeRows { get; init; }

    /// <summary>How many scores a box has, or -1: as many as there are prompts, or a box names its one class.</summary>
    internal int Classes { get; init; } = -1;

    /// <summary>One output with the usual layout: boxes above scores, an anchor a column.</summary>
    internal static OutputLayout ChannelMajor(string output, int classes = -1) => new()
    {
        Outputs = [output],
        Roles = ["boxes (centre, size) and probabilities, an anchor a column"],
        NewDecoder = () => new ChannelMajorDecoder(),
        Classes = classes,
    };

    /// <summary>One output of rows that need no suppression.</summary>
    internal static OutputLayout EndToEnd(string output, bool freeRows = false) => new()
    {
        Outputs = [output],
        Roles = ["rows of x1, y1, x2, y2, score, class; overlaps already suppressed"],
        NewDecoder = () => new EndToEndDecoder(),
        HasFreeRows = freeRows,
    };

    /// <summary>A box and scores for every anchor in another layout.</summary>
    internal static OutputLayout Dense(IReadOnlyList<string> outputs, IReadOnlyList<string> roles, DenseLayout layout, int classes) => new()
    {
        Outputs = outputs,
        Roles = roles,
        NewDecoder = () => new DenseDecoder(layout),
        Classes = classes,
    };
}
