using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Clip;
using OpenVocab.Imaging;
using OpenVocab.Text;

namespace OpenVocab.Models.Tests.Clip;

public sealed class ClipImageEncoderTests(ClipBundle clip) : IClassFixture<ClipBundle>, IDisposable
{
    /// <summary>Of embeddings in float32, as the golden files state it.</summary>
    private const double LeastCosine = 0.999999;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("tiny-openai.pt", "tiny-openai.expected.npz"), InlineData("tiny-hf", "tiny-hf/expected.npz")]
    public void Pictures_are_embedded_as_by_the_reference(string weights, string golden)
    {
        ModelImporter.Import(Golden.Path("clip", weights), _folder["bundle"]);
        using ClipImageEncoder encoder = ClipImageEncoder.Load(_folder["bundle"]);
        NpyFile expected = NpzFile.Read(Golden.Path(["clip", .. golden.Split('/')]))["image_embeds"];
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("clip", "cases.json")));
        // The way that is implemented: upright, RGB first, halves to even.
        JsonElement[] rows = [.. cases.RootElement.GetProperty("cases").EnumerateArray().Where(row => row.GetProperty("variants").EnumerateArray().Any(variant => variant.GetString() == "rgb_first"))];

        Assert.Equal(10, rows.Length);
        Assert.All(rows, row =>
        {
            float[] found = encoder.Encode(Golden.Path("clip", "images", row.GetProperty("image").GetString()!));
            float[] wanted = expected.ToFloats().AsSpan(row.GetProperty("case").GetInt32() * expected.Shape[1], expected.Shape[1]).ToArray();
            Assert.Equal(encoder.Dimensions, found.Length);
            Assert.Equal(1, TensorPrimitives.Norm<float>(found), 1e-6);
            Assert.InRange(TensorPrimitives.CosineSimilarity<float>(wanted, found), LeastCosine, 1.000001);
        });
    }

    [Fact]
    public void A_bundle_says_what_its_similarities_are_worth()
    {
        // exp of the float16 that is stored, 4.6055.
        Assert.Equal(100.03f, clip.Encoder.LogitScale, 0.005f);
        Assert.Null(clip.Encoder.LogitBias);
        Assert.Equal((512, 224, true), (clip.Encoder.Dimensions, clip.Encoder.ImageSize, clip.Encoder.HasText));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(64)]
    public void Pictures_together_give_what_each_gives_alone(int batch)
    {
        using ClipImageEncoder encoder = ClipImageEncoder.Load(clip.Path, new() { BatchSize = batch });
        Mat[] pictures = [.. Directory.GetFiles(Golden.Path("clip", "images")).Order(StringComparer.Ordinal).Select(path => ImageFile.Read(path))];
        try
        {
            float[][] together = encoder.Encode(pictures);

            Assert.All(pictures.Zip(together), pair => Assert.InRange(TensorPrimitives.Dot(encoder.Encode(pair.First), pair.Second), LeastCosine, 1.000001));
        }
        finally { Array.ForEach(pictures, picture => picture.Dispose()); }
    }

    [Fact]
    public async Task Several_threads_get_what_each_gets_alone()
    {
        string[] paths = [.. Directory.GetFiles(Golden.Path("clip", "images"))];
        float[][] alone = [.. paths.Select(clip.Encoder.Encode)];

        float[][] beside = await Task.WhenAll(paths.Select(path => Task.Run(() => clip.Encoder.Encode(path))));

        Assert.Equal(alone, beside);
    }

    [Fact]
    public void Grey_alpha_and_16_bits_are_brought_to_what_clip_takes()
    {
        using Mat grey = new(64, 96, MatType.CV_8UC1, new Scalar(77)), colour = new(64, 96, MatType.CV_8UC3, Scalar.All(77)), alpha = new(64, 96, MatType.CV_8UC4, new Scalar(77, 77, 77, 3)), wide = new(64, 96, MatType.CV_16UC3, Scalar.All(77 * 257));
        float[] wanted = clip.Encoder.Encode(colour);

        Assert.All(clip.Encoder.Encode(grey, alpha, wide), found => Assert.Equal(wanted, found));
        using Mat floats = new(64, 96, MatType.CV_32FC3, Scalar.All(0.3)), empty = new();
        Assert.Throws<ArgumentException>(() => clip.Encoder.Encode(floats));
        Assert.Throws<ArgumentException>(() => clip.Encoder.Encode(empty));
    }

    [Fact]
    public void No_picture_gives_no_embedding()
    {
        Assert.Empty(clip.Encoder.Encode([]));
        Assert.Empty(clip.Encoder.EncodeTexts([]));
    }

    [Fact]
    public void More_pictures_than_a_call_takes_are_refused_before_anything_is_read() =>
        Assert.Contains("There are 100001 pictures; at most 100000", Assert.Throws<ArgumentException>(() => clip.Encoder.Encode(new Mat[100_001])).Message, StringComparison.Ordinal);

    [Fact]
    public void Texts_are_those_of_the_bundles_text_encoder()
    {
        int[] row = ClipTokenizer.Open(ModelBundle.Open(clip.Path).Require(BundleRoles.Tokenizer).Path).EncodeRow("a photo of a cat", 77);
        float[] raw = Embed(row);

        Assert.InRange(TensorPrimitives.CosineSimilarity<float>(raw, clip.Encoder.EncodeText("a photo of a cat")), LeastCosine, 1.000001);
    }

    [Fact]
    public void A_long_caption_is_cut_as_by_the_reference()
    {
        string caption = string.Join(' ', Enumerable.Repeat("zebra", 50));
        ClipTokenizer tokenizer = ClipTokenizer.Open(ModelBundle.Open(clip.Path).Require(BundleRoles.Tokenizer).Path);
        int[] row = [tokenizer.StartId, .. tokenizer.Encode(caption).Take(75), tokenizer.EndId];

        Assert.True(tokenizer.Encode(caption).Count > 75);
        Assert.InRange(TensorPrimitives.CosineSimilarity<float>(Embed(row), clip.Encoder.EncodeText(caption)), LeastCosine, 1.000001);
        Assert.False(clip.Encoder.ReadsWhole(caption));
        Assert.True(clip.Encoder.ReadsWhole("zebra"));
    }

    [Fact]
    public void What_was_disposed_is_not_used()
    {
        ClipImageEncoder encoder = ClipImageEncoder.Load(clip.Path);
        encoder.EncodeText("cat");
        encoder.Dispose();
        encoder.Dispose();
        using Mat picture = TestPictures.Halves(32, 32);

        Assert.Throws<ObjectDisposedException>(() => encoder.Encode(picture));
        Assert.Throws<ObjectDisposedException>(() => encoder.EncodeText("cat"));
    }

    [Fact]
    public void A_model_without_an_image_encoder_is_refused_with_a_way_out()
    {
        ModelException thrown = Assert.Throws<ModelException>(() => ClipImageEncoder.Load(RepositoryFiles.Get("models", "default")));

        Assert.Contains("has no image encoder; it has detector, ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("models pull clip-vit-b-32", thrown.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_encoder_of_another_embedding_size_is_refused_with_both_sizes()
    {
        ModelImporter.Import(Golden.Path("clip", "tiny-openai.pt"), _folder["other"]);

        ModelException thrown = Assert.Throws<ModelException>(() => ClipImageEncoder.Load(_folder["other"], new() { TextEncoder = clip.Path }));

        Assert.Contains("other: the image encoder gives embeddings of 64 numbers; the text encoder of clip gives 512", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_encoder_of_another_space_is_refused()
    {
        ModelImporter.Import(TinyClip.Weights, _folder["one"]);
        ModelImporter.Import(TinyClip.Weights, _folder["two"]);
        foreach ((string bundle, string space) in new[] { ("one", "CLIP ViT-B/32"), ("two", "CLIP ViT-B/16") })
        {
            string description = Path.Combine(_folder[bundle], ModelBundle.DescriptionFile);
            File.WriteAllText(description, File.ReadAllText(description).Replace("\"positions\"", $"\"embeddingSpace\": \"{space}\", \"positions\"", StringComparison.Ordinal));
        }

        Assert.Contains("one is CLIP ViT-B/32; the text encoder of two is CLIP ViT-B/16", Assert.Throws<ModelException>(() => ClipImageEncoder.Load(_folder["one"], new() { TextEncoder = _folder["two"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_without_a_tokenizer_embeds_pictures_alone()
    {
        ModelImporter.Import(TinyClip.Weights, _folder["mute"]);
        using ClipImageEncoder encoder = ClipImageEncoder.Load(_folder["mute"]);
        using Mat picture = TestPictures.Halves(300, 200);

        Assert.Equal(512, encoder.Encode(picture).Length);
        Assert.Contains("has no tokenizer", Assert.Throws<ModelException>(() => encoder.EncodeText("cat")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_number_in_the_description_is_named()
    {
        ModelImporter.Import(TinyClip.Weights, _folder["bad"]);
        string description = Path.Combine(_folder["bad"], ModelBundle.DescriptionFile);
        string text = File.ReadAllText(description);
        File.WriteAllText(description, text.Replace("\"logitScale\": 100.02986", "\"logitScale\": -1", StringComparison.Ordinal));
        Assert.Contains("logitScale is -1; it must be greater than 0", Assert.Throws<ModelException>(() => ModelBundle.Open(_folder["bad"])).Message, StringComparison.Ordinal);
        File.WriteAllText(description, text.Replace("\"size\": 224", "\"size\": \"big\"", StringComparison.Ordinal));
        Assert.Contains("image.size is \"big\"", Assert.Throws<ModelException>(() => ModelBundle.Open(_folder["bad"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BatchSize is 0; it must lie between 1 and 256", 0, 0), InlineData("Threads is 257", 8, 257)]
    public void Options_out_of_their_bounds_are_named(string words, int batch, int threads) =>
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => ClipImageEncoder.Load(clip.Path, new() { BatchSize = batch, Threads = threads })).Message, StringComparison.Ordinal);

    private float[] Embed(int[] row)
    {
        string graph = ModelBundle.Open(clip.Path).Require(BundleRoles.TextEncoder).Path;
        using InferenceSession session = new(graph);
        using RunOptions options = new();
        using OrtValue ids = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(row, id => (long)id), [1, row.Length]);
        using var outputs = session.Run(options, ["input_ids"], [ids], ["text_embeds"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
