using System.Numerics.Tensors;
using OpenCvSharp;

namespace OpenVocab.Clip;

/// <summary>Embeds pictures and captions, and scores how well they fit: <see cref="ClipScore"/>.</summary>
/// <param name="encoder">With a text encoder. Not disposed.</param>
/// <param name="formula">Which of the two formulas that are called CLIPScore.</param>
/// <remarks>Safe for any number of threads, as the encoder is. Captions of more than 77 tokens are cut, as both references do (<see cref="ClipImageEncoder.ReadsWhole"/>).</remarks>
public sealed class ClipScorer(ClipImageEncoder encoder, ClipScoreFormula formula = ClipScoreFormula.Paper)
{
    private readonly ClipImageEncoder _encoder = encoder ?? throw new ArgumentNullException(nameof(encoder));

    /// <summary>Which formula scores.</summary>
    public ClipScoreFormula Formula => formula;

    /// <summary>The embedding of a caption, with what the formula puts before it.</summary>
    /// <param name="caption">Any text.</param>
    /// <returns>A unit vector.</returns>
    /// <exception cref="ModelException">There is no text encoder, or it failed.</exception>
    public float[] EncodeCaption(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        return _encoder.EncodeText(ClipScore.TextFor(formula, caption));
    }

    /// <summary>Embeddings of captions, with what the formula puts before them.</summary>
    /// <param name="captions">Any texts.</param>
    /// <returns>A unit vector for each, in their order.</returns>
    /// <exception cref="ModelException">There is no text encoder, or it failed.</exception>
    public IReadOnlyList<float[]> EncodeCaptions(IEnumerable<string> captions) => _encoder.EncodeTexts([.. captions.Select(caption => ClipScore.TextFor(formula, caption))]);

    /// <summary>True where all of a caption is read, false where it is cut.</summary>
    /// <param name="caption">Any text.</param>
    /// <exception cref="ModelException">There is no text encoder, or no tokenizer.</exception>
    public bool ReadsWhole(string caption) => _encoder.ReadsWhole(ClipScore.TextFor(formula, caption));

    /// <summary>Scores one pair.</summary>
    /// <param name="picture">Grey, BGR or BGRA, 8 or 16 bits, upright. Not kept, not changed.</param>
    /// <param name="caption">Any text.</param>
    /// <exception cref="ModelException">There is no text encoder, or a network failed.</exception>
    public double Score(Mat picture, string caption)
    {
        float[] text = EncodeCaption(caption);
        return ClipScore.Of(formula, Cosine(_encoder.Encode(picture), text));
    }

    /// <summary>Orders pictures by how well a caption describes them.</summary>
    /// <param name="pictures">Embeddings from <see cref="ClipImageEncoder.Encode(Mat)"/>.</param>
    /// <param name="caption">Any text.</param>
    /// <returns>All pictures, the best first; equal ones in the order in which they were given.</returns>
    /// <exception cref="ModelException">There is no text encoder, or it failed.</exception>
    public IReadOnlyList<PictureScore> Rank(IReadOnlyList<float[]> pictures, string caption)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        float[] text = EncodeCaption(caption);
        return [.. pictures.Select((picture, i) => Of(i, Cosine(picture, text))).OrderByDescending(score => score.Cosine)];
    }

    /// <summary>Cosine of two unit vectors.</summary>
    internal static double Cosine(ReadOnlySpan<float> one, ReadOnlySpan<float> other) => TensorPrimitives.Dot(one, other);

    private PictureScore Of(int index, double cosine) => new(index, ClipScore.Of(formula, cosine), cosine);
}
