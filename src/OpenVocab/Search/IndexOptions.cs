using OpenVocab.Imaging;

namespace OpenVocab.Search;

/// <summary>How a folder is put into an index. Immutable; change it by <c>with</c>.</summary>
public sealed record IndexOptions
{
    /// <summary>Whether folders below the folder are looked at as well. Default true. Hidden ones and links to folders never are.</summary>
    public bool Recursive { get; init; } = true;

    /// <summary>The folder of the index lies elsewhere now: its pictures keep their vectors. Default false: another folder is an error.</summary>
    public bool Moved { get; init; }

    /// <summary>How large a picture may be. Null: <see cref="ImageLimits"/>' defaults.</summary>
    public ImageLimits? Limits { get; init; }
}
