using System.Runtime.CompilerServices;
using OpenCvSharp;
using OpenVocab.Prompts;

namespace OpenVocab.Clip;

/// <summary>
/// A second opinion about detections: what is in each box is compared by CLIP with its own class and all the others, and <see cref="Detection.Verification"/> is the probability of its own
/// (softmax, as <see cref="ZeroShotClassifier"/> says).
/// </summary>
/// <remarks>
/// Safe for any number of threads, as the encoder is. Costs one picture of CLIP for each detection, and leaves the embeddings behind. Words are embedded when a vocabulary is first met.
/// </remarks>
public sealed class DetectionVerifier
{
    /// <summary>
    /// Share of the longer side that is added at each end. Boxes lie close around things, and CLIP learned from whole photographs: a little of what is around helps it, much would show it other things.
    /// </summary>
    public const float Margin = 0.1f;

    private readonly ClipImageEncoder _encoder;
    private readonly VerifierOptions _options;
    private readonly ConditionalWeakTable<Vocabulary, ZeroShotClassifier> _classifiers = [];
    private readonly ConditionalWeakTable<Vocabulary, ZeroShotClassifier>.CreateValueCallback _embed;

    /// <summary>Makes a verifier.</summary>
    /// <param name="encoder">With a text encoder. Not disposed.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public DetectionVerifier(ClipImageEncoder encoder, VerifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        (_encoder, _options, _embed) = (encoder, (options ?? new()).Validated(), Embed);
    }

    /// <summary>Embeds the words of a vocabulary beforehand, so that what is wrong with them shows before a run.</summary>
    /// <param name="vocabulary">A detector's.</param>
    /// <exception cref="PromptException">There are less than two things to choose from, or a word cannot be embedded.</exception>
    /// <exception cref="ModelException">There is no text encoder, or it failed.</exception>
    public void Prepare(Vocabulary vocabulary) => _classifiers.GetValue(vocabulary, _embed);

    /// <summary>Judges all detections of a picture, and removes those that are too improbable.</summary>
    /// <param name="picture">The picture that was looked at: grey, BGR or BGRA, 8 or 16 bits. Not kept, not changed.</param>
    /// <param name="result">What was found in it; changed.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="ArgumentException">The picture has another size than the one that was looked at.</exception>
    /// <exception cref="PromptException">There are less than two things to choose from.</exception>
    /// <exception cref="ModelException">There is no text encoder, or a network failed.</exception>
    public int Apply(Mat picture, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(result);
        if ((picture.Width, picture.Height) != (result.Width, result.Height))
        {
            throw new ArgumentException($"The picture has {picture.Width} x {picture.Height} pixels; the result is of one with {result.Width} x {result.Height}.", nameof(picture));
        }
        List<Detection> found = result.Items;
        if (found.Count == 0) { return 0; }
        ZeroShotClassifier classifier = _classifiers.GetValue(result.Vocabulary, _embed);
        float[][] embeddings = Encode(picture, found);
        for (int i = 0; i < found.Count; i++) { found[i] = found[i] with { Verification = classifier.ProbabilityOf(found[i].ClassId, embeddings[i]) }; }
        return found.RemoveAll(detection => detection.Verification < _options.MinProbability);
    }

    /// <summary>What is cut out for a box: a square around its middle, since CLIP sees the middle square of a picture alone, and would lose head and feet of a tall box.</summary>
    /// <param name="box">In pixels, inside of the picture.</param>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <returns>Inside of the picture, moved where it would reach over the edge; a square unless the picture is narrower.</returns>
    internal static Rect CropFor(in Box box, int width, int height)
    {
        int side = (int)MathF.Round(Math.Max(box.Width, box.Height) * (1 + 2 * Margin));
        (int cutWidth, int cutHeight) = (Math.Clamp(side, 1, width), Math.Clamp(side, 1, height));
        int left = (int)MathF.Round((box.X1 + box.X2 - cutWidth) / 2), top = (int)MathF.Round((box.Y1 + box.Y2 - cutHeight) / 2);
        return new(Math.Clamp(left, 0, width - cutWidth), Math.Clamp(top, 0, height - cutHeight), cutWidth, cutHeight);
    }

    private float[][] Encode(Mat picture, List<Detection> found)
    {
        Mat[] crops = [.. found.Select(detection => new Mat(picture, CropFor(detection.Box, picture.Width, picture.Height)))];
        try { return _encoder.Encode(crops); }
        finally { Array.ForEach(crops, crop => crop.Dispose()); }
    }

    private ZeroShotClassifier Embed(Vocabulary vocabulary)
    {
        PromptSet words = vocabulary.Prompts ?? throw new ArgumentException("The vocabulary is empty: there is nothing to verify.", nameof(vocabulary));
        // Thresholds are the detector's; a word that competes in it competes here, and what is looked for anyway is not named twice.
        IEnumerable<string> others = words.Background.Concat(_options.Against).Except(words.Classes.SelectMany(each => each.Prompts));
        PromptSet labels = new(words.Classes.Select(each => each with { Threshold = null }), others, _options.Templates);
        return labels.Classes.Count + labels.Background.Count > 1 ? new(_encoder, labels) : throw new PromptException(
            $"{PromptFaults.Quote(words.Classes[0].Name)} is the only thing that is looked for, so there is nothing to compare it with, and every box would be one.",
            "Name other things that a box may show: --verify-against \"shadow, tree\" (in code: VerifierOptions.Against).");
    }
}
