using System.Numerics.Tensors;
using OpenCvSharp;
using OpenVocab.Prompts;

namespace OpenVocab.Search;

/// <summary>
/// What pictures are looked for by: words, pictures, and what they should not show. The vectors of the parts are added, each times its weight, and what is not wanted is subtracted; pictures are
/// compared with the sum. Immutable: each method gives another query.
/// </summary>
public sealed class ImageQuery
{
    /// <summary>How much what is not wanted counts unless one says otherwise: with 1 it would count as much as what is wanted, and anything unlike it would do.</summary>
    public const float DefaultNotWeight = 0.5f;

    private const float MostWeight = 100;

    private readonly Part[] _parts;

    private ImageQuery(IEnumerable<Part> parts) => _parts = [.. parts];

    /// <summary>Pictures that show what words say.</summary>
    /// <param name="text">As one would describe the picture: <c>a dog on a beach</c>.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public ImageQuery(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        _parts = [new(text, null, 1)];
    }

    /// <summary>Pictures like another one.</summary>
    /// <param name="picture">Grey, BGR or BGRA, 8 or 16 bits, upright; need not be in the index. Not copied: the caller keeps it until the query has been asked for the last time.</param>
    public ImageQuery(Mat picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        _parts = [new(null, picture, 1)];
    }

    /// <summary>Pictures that show what words say.</summary>
    /// <param name="text">As one would describe the picture.</param>
    public static implicit operator ImageQuery(string text) => new(text);

    /// <summary>Pictures like another one.</summary>
    /// <param name="picture">Not copied.</param>
    public static implicit operator ImageQuery(Mat picture) => new(picture);

    /// <summary>And this as well.</summary>
    /// <param name="other">Words, a picture, or a query.</param>
    /// <param name="weight">Greater than 0, at most 100.</param>
    /// <exception cref="ArgumentException">The weight is out of its bounds.</exception>
    public ImageQuery And(ImageQuery other, float weight = 1) => With(other, Checked(weight));

    /// <summary>But not this.</summary>
    /// <param name="other">Words, a picture, or a query.</param>
    /// <param name="weight">Greater than 0, at most 100.</param>
    /// <exception cref="ArgumentException">The weight is out of its bounds.</exception>
    public ImageQuery Not(ImageQuery other, float weight = DefaultNotWeight) => With(other, -Checked(weight));

    /// <summary>The unit vector that pictures are compared with.</summary>
    /// <exception cref="PromptException">The parts cancel each other out.</exception>
    internal float[] Embed(IPictureEmbedder embedder)
    {
        float[] sum = new float[embedder.Model.Dimensions];
        foreach (Part part in _parts)
        {
            float[] vector = part.Picture is { } picture ? embedder.Embed([picture])[0] : embedder.Embed(part.Text!);
            TensorPrimitives.MultiplyAdd(vector, part.Weight, sum, sum);
        }
        return UnitVector.Normalize(sum) ? sum : throw new PromptException("The parts of the query cancel each other out.", "Look for something else than what is not wanted.");
    }

    private ImageQuery With(ImageQuery other, float weight)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(_parts.Concat(other._parts.Select(part => part with { Weight = weight * part.Weight })));
    }

    private static float Checked(float weight) => weight is > 0 and <= MostWeight ? weight : throw new ArgumentException(Invariant($"The weight is {weight}; it must be greater than 0 and at most {MostWeight}."), nameof(weight));

    private sealed record Part(string? Text, Mat? Picture, float Weight);
}
