using System.Numerics.Tensors;
using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Clip;
using OpenVocab.Prompts;

namespace OpenVocab.Models.Tests.Clip;

public sealed class ZeroShotClassifierTests(ClipBundle clip) : IClassFixture<ClipBundle>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("tiny-openai.pt", "tiny-openai.expected.npz"), InlineData("tiny-hf", "tiny-hf/expected.npz")]
    public void Probabilities_equal_the_reference(string weights, string golden)
    {
        ModelImporter.Import(Golden.Path("clip", weights), _folder["bundle"]);
        using ClipImageEncoder encoder = ClipImageEncoder.Load(_folder["bundle"]);
        NpzFile expected = NpzFile.Read(Golden.Path(["clip", .. golden.Split('/')]));
        (NpyFile pictures, NpyFile texts, float[] probabilities) = (expected["image_embeds"], expected["text_embeds"], expected["probs_per_image"].ToFloats());
        (int rows, int dimensions) = (texts.Shape[0], texts.Shape[1]);
        float[] matrix = [.. Enumerable.Range(0, rows).SelectMany(row => Unit(texts, row))];
        ZeroShotClassifier classifier = new(encoder, new Vocabulary(PromptSet.Of(Enumerable.Range(0, rows).Select(row => $"text {row}")), matrix, [.. Enumerable.Range(0, rows)], dimensions, false, []));

        for (int picture = 0; picture < pictures.Shape[0]; picture++)
        {
            IReadOnlyList<LabelProbability> found = classifier.Classify(Unit(pictures, picture));
            // The scale of 100 amplifies: 1e-3, as the golden files state it.
            for (int row = 0; row < rows; row++) { Assert.Equal(probabilities[picture * rows + row], found[row].Probability, 1e-3f); }
            Assert.Equal(1, found.Sum(label => label.Probability), 1e-5f);
        }
    }

    [Fact]
    public void Templates_are_averaged_as_unit_vectors()
    {
        string[] templates = ["a photo of a {}", "art of the {}", "{}"];
        float[] picture = Picture(), mean = new float[512];
        foreach (string template in templates) { TensorPrimitives.Add(mean, clip.Encoder.EncodeText(template.Replace("{}", "cat", StringComparison.Ordinal)), mean); }

        LabelProbability cat = new ZeroShotClassifier(clip.Encoder, new PromptSet([new("cat"), new("dog")], templates: templates)).Classify(picture)[0];

        Assert.Equal(TensorPrimitives.CosineSimilarity<float>(picture, mean), cat.Cosine, 1e-5f);
    }

    [Fact]
    public void Without_a_template_a_label_is_a_photo()
    {
        float[] picture = Picture();

        LabelProbability found = Assert.Single(new ZeroShotClassifier(clip.Encoder, PromptSet.Of("cat")).Classify(picture));

        Assert.Equal(TensorPrimitives.Dot(picture, clip.Encoder.EncodeText("a photo of a cat")), found.Cosine, 1e-5f);
        Assert.Equal(("cat", 1f), (found.Label, found.Probability));
    }

    [Fact]
    public void The_best_prompt_of_a_label_counts_and_the_background_competes()
    {
        float[] picture = Picture();
        float Logit(string word) => clip.Encoder.LogitScale * TensorPrimitives.Dot(picture, clip.Encoder.EncodeText(word));
        PromptSet labels = new([new("pet") { Prompts = ["cat", "dog"] }, new("car")], background: ["wall"], templates: ["{}"]);

        IReadOnlyList<LabelProbability> found = new ZeroShotClassifier(clip.Encoder, labels).Classify(picture);

        double[] powers = [Math.Exp(Math.Max(Logit("cat"), Logit("dog"))), Math.Exp(Logit("car")), Math.Exp(Logit("wall"))];
        Assert.Equal(powers[0] / powers.Sum(), found[0].Probability, 1e-4);
        Assert.Equal(powers[1] / powers.Sum(), found[1].Probability, 1e-4);
        Assert.Equal(["pet", "car"], found.Select(label => label.Label));
    }

    [Fact]
    public void Independent_labels_are_measured_against_a_neutral_one()
    {
        float[] picture = Picture();
        float Logit(string word) => clip.Encoder.LogitScale * TensorPrimitives.Dot(picture, clip.Encoder.EncodeText($"a photo of a {word}"));

        IReadOnlyList<LabelProbability> found = new ZeroShotClassifier(clip.Encoder, PromptSet.Of("cat", "thing", "car"), independent: true).Classify(picture);

        Assert.Equal(1 / (1 + Math.Exp(Logit("thing") - Logit("cat"))), found[0].Probability, 1e-4);
        Assert.Equal(0.5f, found[1].Probability, 1e-5f);
        Assert.Equal(1 / (1 + Math.Exp(Logit("thing") - Logit("car"))), found[2].Probability, 1e-4);
    }

    [Fact]
    public void A_model_with_a_bias_of_its_own_is_measured_by_that()
    {
        ModelImporter.Import(TinyClip.Weights, _folder["bundle"], new() { Tokenizer = TinyClip.WriteTokenizer(_folder["tokenizer"]) });
        string description = Path.Combine(_folder["bundle"], ModelBundle.DescriptionFile);
        File.WriteAllText(description, File.ReadAllText(description).Replace("\"logitScale\": 100.02986", "\"logitScale\": 50, \"logitBias\": -2.5", StringComparison.Ordinal));
        using ClipImageEncoder encoder = ClipImageEncoder.Load(_folder["bundle"]);
        float[] picture = Picture();

        LabelProbability found = Assert.Single(new ZeroShotClassifier(encoder, PromptSet.Of("cat"), independent: true).Classify(picture));

        Assert.Equal(1 / (1 + Math.Exp(-(50 * found.Cosine - 2.5))), found.Probability, 1e-5);
    }

    [Fact]
    public void A_sure_model_does_not_overflow()
    {
        Vocabulary vocabulary = new(PromptSet.Of("same", "opposite"), [1, 0, -1, 0], [0, 1], 2, false, []);

        IReadOnlyList<LabelProbability> found = new ZeroShotClassifier(clip.Encoder, vocabulary).Classify([1f, 0f]);

        Assert.Equal([1f, 0f], found.Select(label => label.Probability));
    }

    [Theory]
    [InlineData("named twice", "cat, cat"), InlineData("is empty", "cat,,dog"), InlineData("is empty", " ")]
    public void Labels_that_cannot_be_used_are_named(string words, string labels) =>
        Assert.Contains(words, Assert.Throws<PromptException>(() => new ZeroShotClassifier(clip.Encoder, PromptSet.Parse(labels))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_label_that_is_too_long_is_not_cut_in_silence() =>
        Assert.Contains("at most 77 are possible", Assert.Throws<PromptException>(() => new ZeroShotClassifier(clip.Encoder, PromptSet.Of(string.Concat(Enumerable.Repeat("zebra ", 40)).Trim()))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_embedding_of_another_encoder_is_refused() =>
        Assert.Contains("has 3 numbers; this encoder gives 512", Assert.Throws<ArgumentException>(() => new ZeroShotClassifier(clip.Encoder, PromptSet.Of("cat")).Classify([1f, 0f, 0f])).Message, StringComparison.Ordinal);

    [Fact]
    public void Captions_stand_behind_the_papers_prefix_and_pictures_come_best_first()
    {
        ClipScorer paper = new(clip.Encoder), plain = new(clip.Encoder, ClipScoreFormula.TorchMetrics);
        using Mat picture = TestPictures.Halves(120, 90);
        float[] embedding = clip.Encoder.Encode(picture);
        string[] paths = [.. Directory.GetFiles(Golden.Path("clip", "images")).Order(StringComparer.Ordinal)];

        IReadOnlyList<PictureScore> ranked = plain.Rank([.. paths.Select(clip.Encoder.Encode)], "two dogs");

        Assert.Equal(2.5 * Math.Max(TensorPrimitives.Dot(embedding, clip.Encoder.EncodeText("A photo depicts two dogs")), 0), paper.Score(picture, "two dogs"), 1e-5);
        Assert.Equal(100 * Math.Max(TensorPrimitives.Dot(embedding, clip.Encoder.EncodeText("two dogs")), 0), plain.Score(picture, "two dogs"), 1e-3);
        Assert.Equal(ranked.OrderByDescending(score => score.Cosine), ranked);
        Assert.Equal(Enumerable.Range(0, paths.Length), ranked.Select(score => score.Index).Order());
        Assert.NotEqual(Enumerable.Range(0, paths.Length), ranked.Select(score => score.Index));
    }

    private float[] Picture() => clip.Encoder.Encode(RepositoryFiles.Get("samples", "media", "dogs.jpg"));

    private static float[] Unit(NpyFile array, int row)
    {
        float[] values = array.ToFloats().AsSpan(row * array.Shape[1], array.Shape[1]).ToArray();
        TensorPrimitives.Divide(values, TensorPrimitives.Norm<float>(values), values);
        return values;
    }
}
