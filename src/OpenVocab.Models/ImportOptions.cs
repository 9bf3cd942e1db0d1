namespace OpenVocab.Models;

/// <summary>How a checkpoint becomes a bundle. Immutable; change it by <c>with</c>.</summary>
public sealed record ImportOptions
{
    /// <summary>What embeds words for a detector: a checkpoint of CLIP, a folder with one, or a bundle with a text encoder; null: the bundle detects only what the checkpoint knows.</summary>
    public string? TextEncoder { get; init; }

    /// <summary>CLIP's tokenizer, a file or a folder; null: what lies beside the text encoder's weights.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Weights as float16: half the size. They are computed with in float32 on the CPU. Default false.</summary>
    public bool Half { get; init; }

    /// <summary>The licence of the weights, in words; null: what the checkpoint says.</summary>
    public string? License { get; init; }

    /// <summary>Whether the detector gives its regions, too: what they are before they meet any word, to be asked later. Default false; costs memory for each frame.</summary>
    public bool Regions { get; init; }
}
