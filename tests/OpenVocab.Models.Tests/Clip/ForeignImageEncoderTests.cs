using OpenCvSharp;
using OpenVocab.Clip;
using OpenVocab.Models.Tests.Layouts;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Tests.Clip;

/// <summary>ONNX files of others: inputs by shape, outputs by name or shape, and a sentence for what is no image encoder.</summary>
public sealed class ForeignImageEncoderTests : IDisposable
{
    private const int Side = 32;

    private static readonly float[] s_embedding = [3, 0, 4, 0, 0];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(null, Side), InlineData(null, null), InlineData(3, Side)]
    public void Embeddings_are_found_among_other_outputs(int? batch, int? side)
    {
        TinyGraph graph = new(batch, side, side);
        graph.Output("last_hidden_state", graph.ForEach(new float[50 * 4], 50, 4), DataType.Float, batch, 50, 4)
            .Output("pooler_output", graph.ForEach(new float[7], 7), DataType.Float, batch, 7)
            .Output("image_embeds", graph.ForEach(s_embedding, 5), DataType.Float, batch, side is null ? null : 5);
        using ClipImageEncoder encoder = ClipImageEncoder.Load(graph.Save(_folder, "vision_model.onnx"));
        using Mat picture = TestPictures.Halves(90, 60);

        float[][] found = encoder.Encode(picture, picture, picture, picture);

        Assert.Equal((5, side ?? 224, false), (encoder.Dimensions, encoder.ImageSize, encoder.HasText));
        Assert.All(found, embedding => Assert.Equal([0.6f, 0, 0.8f, 0, 0], embedding));
    }

    [Fact]
    public void Half_precision_goes_in_and_comes_out()
    {
        TinyGraph graph = new(null, Side, Side, type: DataType.Float16);
        graph.Output("embedding", graph.Cast(graph.ForEach(s_embedding, 5), DataType.Float16), DataType.Float16, null, 5);
        using ClipImageEncoder encoder = ClipImageEncoder.Load(graph.Save(_folder, "visual.onnx"));
        using Mat picture = TestPictures.Halves(90, 60);

        Assert.Equal([0.6f, 0, 0.8f, 0, 0], encoder.Encode(picture));
        Assert.Contains("there is no text encoder", Assert.Throws<ModelException>(() => encoder.EncodeText("cat")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_before_the_projection_is_no_embedding()
    {
        TinyGraph graph = new(null, Side, Side);
        graph.Output("last_hidden_state", graph.ForEach(new float[50 * 4], 50, 4), DataType.Float, null, 50, 4).Output("pooler_output", graph.ForEach(s_embedding, 5), DataType.Float, null, 5);

        string message = Refuse(graph);

        Assert.Contains("pooler_output is what CLIP's image side knows before its projection", message, StringComparison.Ordinal);
        Assert.Contains("last_hidden_state float32 [?, 50, 4]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_without_embeddings_says_what_it_has()
    {
        TinyGraph graph = new(null, Side, Side);
        graph.Output("last_hidden_state", graph.ForEach(new float[50 * 4], 50, 4), DataType.Float, null, 50, 4);

        Assert.Contains("no output is a list of embeddings (floats, [B, D]); the file has last_hidden_state", Refuse(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_lists_without_a_known_name_are_one_too_many()
    {
        TinyGraph graph = new(null, Side, Side);
        graph.Output("one", graph.ForEach(s_embedding, 5), DataType.Float, null, 5).Output("two", graph.ForEach(s_embedding, 5), DataType.Float, null, 5);

        Assert.Contains("2 outputs could be the embeddings, and none is called image_embeds", Refuse(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_sides_in_one_network_are_refused()
    {
        TinyGraph graph = new(null, Side, Side);
        graph.Input("input_ids", DataType.Int64, null, 77);
        graph.Output("image_embeds", graph.ForEach(s_embedding, 5), DataType.Float, null, 5);

        Assert.Contains("takes input_ids int64 [?, 77] beside the picture", Refuse(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rectangle_is_no_input_of_clip()
    {
        TinyGraph graph = new(null, Side, 2 * Side);
        graph.Output("image_embeds", graph.ForEach(s_embedding, 5), DataType.Float, null, 5);

        Assert.Contains("takes images float32 [?, 3, 32, 64]; CLIP's take squares", Refuse(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void An_embedding_of_zeros_is_no_embedding()
    {
        TinyGraph graph = new(null, Side, Side);
        graph.Output("image_embeds", graph.ForEach(new float[5], 5), DataType.Float, null, 5);
        using ClipImageEncoder encoder = ClipImageEncoder.Load(graph.Save(_folder));
        using Mat picture = TestPictures.Halves(90, 60);

        Assert.Contains("zero or not finite", Assert.Throws<ModelException>(() => encoder.Encode(picture)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused()
    {
        File.WriteAllText(_folder["model.onnx"], "no");

        Assert.Contains("cannot open this file", Assert.Throws<ModelException>(() => ClipImageEncoder.Load(_folder["model.onnx"])).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<ModelException>(() => ClipImageEncoder.Load(_folder["none.onnx"])).Message, StringComparison.Ordinal);
    }

    private string Refuse(TinyGraph graph)
    {
        ModelException thrown = Assert.Throws<ModelException>(() => ClipImageEncoder.Load(graph.Save(_folder)));
        Assert.Contains("vision_model.onnx", thrown.Remedy, StringComparison.Ordinal);
        return thrown.Message;
    }
}
