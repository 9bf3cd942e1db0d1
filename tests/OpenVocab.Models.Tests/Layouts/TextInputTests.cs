using OpenCvSharp;
using OpenVocab.Prompts;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Tests.Layouts;

/// <summary>Networks that take words. Here the score of a prompt is half of 1 plus the first number of its embedding, at one anchor.</summary>
public sealed class TextInputTests : IDisposable
{
    private const int Anchors = KnownBoxes.Anchors, Anchor = 27;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, null, null, false), InlineData(2, null, 4, false), InlineData(3, 1, null, false), InlineData(3, 1, 4, false), InlineData(3, null, null, false), InlineData(3, null, 4, false)]
    [InlineData(2, null, null, true), InlineData(3, null, 4, true)]
    public void Words_are_given_with_the_dimensions_that_the_network_wants(int rank, int? batch, int? prompts, bool half)
    {
        using Detector detector = Load(rank, batch, prompts, 512, half);
        using Mat white = KnownBoxes.Picture(255), grey = KnownBoxes.Picture(128);
        FrameResult[] results = [new(), new()];
        float tolerance = half ? 5e-4f : KnownBoxes.ScoreTolerance;

        foreach (string[] words in (string[][])[["dog", "cat", "bird"], ["horse"], ["cat", "dog"]])
        {
            Vocabulary vocabulary = detector.SetClasses(words);
            float[] scores = [.. words.Select((_, row) => 0.5f + 0.5f * vocabulary.Embeddings[row * 512])];
            int best = Array.IndexOf(scores, scores.Max());

            Detection found = Assert.Single(detector.Detect(white).Detections);
            detector.Detect([grey, white], vocabulary, results);

            Assert.Equal(best, found.ClassId);
            Assert.Equal(scores[best], found.Score, tolerance);
            KnownBoxes.Equal(new Box(24, 14, 36, 26), found.Box);
            Assert.Equal(scores[best], Assert.Single(results[1].Detections).Score, tolerance);
            Assert.All(results[0].Detections, weak => Assert.Equal(scores[best] * 128 / 255, weak.Score, tolerance));
        }
    }

    [Fact]
    public void A_model_for_fewer_prompts_than_are_asked_for_says_how_many()
    {
        using Detector detector = Load(3, 1, 2, 512);
        using Mat white = KnownBoxes.Picture(255);
        detector.SetClasses("dog", "cat", "bird");

        Assert.Contains("3 prompts (with synonyms, background and padding); this model was exported for 2", Assert.Throws<PromptException>(() => detector.Detect(white)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_of_another_length_are_refused_with_both_lengths_and_the_remedy()
    {
        using Detector detector = Load(2, null, null, 16);

        ModelException thrown = Assert.Throws<ModelException>(() => detector.SetClasses("dog"));

        Assert.Contains("embeddings of 16 numbers; the text encoder that comes with OpenVocab gives 512", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("--text-encoder", thrown.Remedy, StringComparison.Ordinal);
        Assert.Equal(0, detector.Vocabulary.Rows);
    }

    [Fact]
    public void A_named_text_encoder_is_checked_when_the_model_is_opened()
    {
        string path = Write(2, null, null, 16), folder = RepositoryFiles.Get("models", "default");

        ModelException thrown = Assert.Throws<ModelException>(() => Detector.Load(path, new DetectorOptions { TextEncoder = folder }));

        Assert.Contains("embeddings of 16 numbers; the text encoder of openvocab-default gives 512", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_text_encoder_is_not_called_borrowed()
    {
        using Detector borrowed = Load(2, null, null, 512);
        using Detector named = Detector.Load(_folder["tiny.onnx"], new DetectorOptions { TextEncoder = RepositoryFiles.Get("models", "default") });

        Assert.Equal((true, false), (borrowed.BorrowsTextEncoder, named.BorrowsTextEncoder));
        Assert.Equal(borrowed.SetClasses("dog").Embeddings, named.SetClasses("dog").Embeddings);
        Assert.Equal(80, Detector.Load(_folder["tiny.onnx"]).Vocabulary.Classes.Count);
    }

    [Fact]
    public void Without_words_a_model_that_has_none_is_refused_at_once()
    {
        string path = Write(3, 1, 2, 512);

        PromptException thrown = Assert.Throws<PromptException>(() => Detector.Load(path, new DetectorOptions(), classes: null));

        Assert.Contains("tiny.onnx has no words of its own", thrown.Message, StringComparison.Ordinal);
    }

    private Detector Load(int rank, int? batch, int? prompts, int dimensions, bool half = false) =>
        Detector.Load(Write(rank, batch, prompts, dimensions, half), new DetectorOptions { BatchSize = 2 });

    private string Write(int rank, int? batch, int? prompts, int dimensions, bool half = false)
    {
        TinyGraph graph = new(batch: null);
        DataType type = half ? DataType.Float16 : DataType.Float;
        string text = graph.Input("words", type, rank == 2 ? [prompts, dimensions] : [batch, prompts, dimensions]);
        string first = graph.Node("Gather", [graph.Cast(text, DataType.Float), graph.Longs(0)], ("axis", rank - 1));
        string score = graph.Node("Add", [graph.Node("Mul", [first, graph.Floats([0.5f])]), graph.Floats([0.5f])]);
        string mask = graph.Floats([.. Enumerable.Range(0, Anchors).Select(anchor => anchor == Anchor ? 1f : 0f)], 1, 1, Anchors);
        // [B, K, 1] × [1, 1, A] × [B, 1, 1]: a text input that does not have a row for each picture fails here.
        string scores = graph.Node("Mul", [graph.Node("Mul", [score, mask]), graph.Brightness(2)]);
        return graph.Output("out", graph.Join(1, graph.ForEach(KnownBoxes.CentersAndSizes(), 4, Anchors), scores), DataType.Float, null, null, null).Save(_folder);
    }
}
