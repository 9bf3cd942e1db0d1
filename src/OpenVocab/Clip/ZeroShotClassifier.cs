using System.Numerics.Tensors;
using OpenCvSharp;
using OpenVocab.Prompts;

namespace OpenVocab.Clip;

/// <summary>
/// Says which of some labels a picture shows, without training (Radford et al. 2021, section 3.1): each label stands in one or several sentences, and the picture is compared with the mean of
/// their embeddings.
/// </summary>
/// <remarks>
/// Labels are embedded once, when it is made. Immutable and safe for any number of threads, as the encoder is. A label with several prompts counts by the best of them; background prompts compete
/// (where labels are not judged independently), and are not reported.
/// </remarks>
public sealed class ZeroShotClassifier
{
    /// <summary>The sentence around a label where none is given (openai/CLIP, README).</summary>
    public const string UsualTemplate = "a photo of a {}";

    /// <summary>What stands in a label's place for a picture of nothing in particular: see <see cref="IsIndependent"/>.</summary>
    public const string NeutralLabel = "thing";

    private readonly ClipImageEncoder _encoder;
    private readonly Vocabulary _vocabulary;
    private readonly float[]? _neutral;

    /// <summary>Embeds the labels.</summary>
    /// <param name="encoder">With a text encoder. Not disposed.</param>
    /// <param name="labels">With their templates; without any, <see cref="UsualTemplate"/>. Thresholds mean nothing here.</param>
    /// <param name="independent">Judge each label for itself, so that several or none may apply: see <see cref="IsIndependent"/>.</param>
    /// <exception cref="PromptException">A label in its template has more tokens than the text encoder takes.</exception>
    /// <exception cref="ModelException">There is no text encoder, or it failed.</exception>
    public ZeroShotClassifier(ClipImageEncoder encoder, PromptSet labels, bool independent = false) : this(encoder, Embed(encoder, labels), independent) { }

    /// <summary>The same with labels that were embedded before.</summary>
    internal ZeroShotClassifier(ClipImageEncoder encoder, Vocabulary vocabulary, bool independent = false)
    {
        (_encoder, _vocabulary, IsIndependent) = (encoder, vocabulary, independent);
        Labels = [.. vocabulary.Classes.Select(label => label.Name)];
        if (independent && encoder.LogitBias is null) { _neutral = Embed(encoder, new PromptSet([new ClassPrompt(NeutralLabel)], templates: vocabulary.Prompts!.Templates)).Embeddings.ToArray(); }
    }

    /// <summary>The labels, in the order in which they were given.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>
    /// False: one label applies, and probabilities are the softmax of <c>scale · cos</c> over all of them. True: each label is judged for itself by a sigmoid. A model that was trained so brings a bias:
    /// <c>sigmoid(scale · cos + bias)</c>. CLIP was not, and has none: its cosines all lie near 0.2, so that a bias of 0 would call everything true. Here its zero is what the same sentences say of a
    /// <see cref="NeutralLabel"/>: <c>sigmoid(scale · (cos - cos of the neutral label))</c>, the softmax of label and neutral label.
    /// </summary>
    public bool IsIndependent { get; }

    /// <summary>Probabilities of all labels for a picture.</summary>
    /// <param name="picture">Grey, BGR or BGRA, 8 or 16 bits, upright. Not kept, not changed.</param>
    /// <returns>In the order of <see cref="Labels"/>.</returns>
    /// <exception cref="ArgumentException">The picture is empty or of another kind.</exception>
    /// <exception cref="ModelException">The network failed.</exception>
    public IReadOnlyList<LabelProbability> Classify(Mat picture) => Classify(_encoder.Encode(picture));

    /// <summary>Probabilities of all labels for a picture that was embedded before.</summary>
    /// <param name="embedding">A unit vector from the same encoder.</param>
    /// <returns>In the order of <see cref="Labels"/>.</returns>
    /// <exception cref="ArgumentException">The embedding is of another length.</exception>
    public IReadOnlyList<LabelProbability> Classify(ReadOnlySpan<float> embedding)
    {
        if (embedding.Length != _vocabulary.Dimensions) { throw new ArgumentException($"The embedding has {embedding.Length} numbers; this encoder gives {_vocabulary.Dimensions}.", nameof(embedding)); }
        float[] cosines = CosinesOf(embedding, out List<float> background), probabilities = Judge(embedding, cosines, background);
        return [.. Labels.Select((label, i) => new LabelProbability(label, probabilities[i], cosines[i]))];
    }

    /// <summary>Probability of one label, by its index.</summary>
    internal float ProbabilityOf(int label, ReadOnlySpan<float> embedding)
    {
        float[] cosines = CosinesOf(embedding, out List<float> background);
        return Judge(embedding, cosines, background)[label];
    }

    private float[] Judge(ReadOnlySpan<float> embedding, float[] cosines, List<float> background) => IsIndependent ? Each(embedding, cosines) : Share(cosines, background);

    private static Vocabulary Embed(ClipImageEncoder encoder, PromptSet labels)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(labels);
        return encoder.Encode(new PromptSet(labels.Classes, labels.Background, labels.Templates ?? [UsualTemplate]));
    }

    // The best of a label's prompts counts for it; background prompts come behind the labels.
    private float[] CosinesOf(ReadOnlySpan<float> embedding, out List<float> background)
    {
        float[] cosines = new float[Labels.Count];
        Array.Fill(cosines, float.NegativeInfinity);
        background = [];
        for (int row = 0; row < _vocabulary.Rows; row++)
        {
            float cosine = TensorPrimitives.Dot(embedding, _vocabulary.Embeddings.Slice(row * _vocabulary.Dimensions, _vocabulary.Dimensions));
            int label = _vocabulary.ClassOfRow[row];
            if (label == Vocabulary.BackgroundRow) { background.Add(cosine); }
            else { cosines[label] = Math.Max(cosines[label], cosine); }
        }
        return cosines;
    }

    private float[] Share(float[] cosines, List<float> background)
    {
        float[] probabilities = [.. cosines, .. background];
        // Without the largest logit taken away, e to the power of a hundred would overflow.
        float largest = TensorPrimitives.Max<float>(probabilities);
        for (int i = 0; i < probabilities.Length; i++) { probabilities[i] = MathF.Exp(_encoder.LogitScale * (probabilities[i] - largest)); }
        TensorPrimitives.Divide(probabilities, TensorPrimitives.Sum<float>(probabilities), probabilities);
        return probabilities[..cosines.Length];
    }

    private float[] Each(ReadOnlySpan<float> embedding, float[] cosines)
    {
        float bias = _neutral is null ? _encoder.LogitBias!.Value : -_encoder.LogitScale * TensorPrimitives.Dot(embedding, _neutral);
        return Array.ConvertAll(cosines, cosine => 1 / (1 + MathF.Exp(-(_encoder.LogitScale * cosine + bias))));
    }
}
