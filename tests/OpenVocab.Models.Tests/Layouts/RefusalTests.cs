using OpenVocab.Imaging;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Tests.Layouts;

/// <summary>Files that are no detector, or one of a kind that is not known: the message says what the file has.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("segment"), InlineData("pose"), InlineData("obb"), InlineData("classify")]
    public void Another_task_is_named(string task)
    {
        TinyGraph graph = Usual().Metadata("task", task);

        Assert.Contains($"this is a model for the task \"{task}\"", Refuse(graph).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_are_recognised_without_metadata()
    {
        TinyGraph graph = Usual();
        graph.Output("protos", graph.ForEach(new float[32 * 16 * 24], 32, 16, 24), DataType.Float, 1, 32, 16, 24);

        ModelException thrown = Refuse(graph);

        Assert.Contains("how segmentation models are", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("protos float32 [1, 32, 16, 24]", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_picture_inputs_are_one_too_many()
    {
        TinyGraph graph = Usual();
        graph.Input("template", DataType.Float, 1, 3, 127, 127);

        Assert.Contains("2 inputs could take a picture; one is needed; the file has images float32 [1, 3, 64, 96], template float32 [1, 3, 127, 127]", Refuse(graph).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_nobody_can_fill_is_named()
    {
        TinyGraph graph = Usual();
        graph.Input("orig_target_sizes", DataType.Int64, 1, 2);

        Assert.Contains("nobody here knows what the input orig_target_sizes int64 [1, 2] takes", Refuse(graph).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_of_an_unknown_kind_are_listed_as_the_file_has_them_and_as_they_came()
    {
        TinyGraph graph = new();
        graph.Output("logits", graph.ForEach(new float[1000], 1000), DataType.Float, 1, 1000);

        Assert.Contains("the file has logits float32 [1, 1000]; a trial run at 64x96 gave logits [1, 1000]", Refuse(graph).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_fails_in_the_trial_run_says_why()
    {
        TinyGraph graph = new(height: null, width: null);
        // A size that was folded into the graph though the file calls it free.
        graph.Output("out", graph.Reshape("images", 1, 3, 1234), DataType.Float, null, null, null);

        Assert.Contains("tiny.onnx: the network failed:", Refuse(graph).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void External_data_outside_of_the_folder_is_refused_in_words()
    {
        ModelException thrown = Refuse(Usual().WithExternalData("../weights.bin"));

        Assert.Contains("weights.bin", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', thrown.Message);
    }

    [Fact]
    public void Free_sizes_are_as_the_metadata_say_and_may_be_chosen()
    {
        TinyGraph graph = new(height: null, width: null);
        graph.Output("out", graph.Join(1, graph.ForEach(KnownBoxes.CentersAndSizes(), 4, KnownBoxes.Anchors), graph.Scores(KnownBoxes.Probabilities(), 3, KnownBoxes.Anchors)), DataType.Float, null, null, null);
        string path = graph.Metadata("imgsz", "[64, 96]").Metadata("stride", "32").Save(_folder);

        using Detector said = Detector.Load(path);
        using Detector chosen = Detector.Load(path, new DetectorOptions { ImageSize = new(128) });

        Assert.Equal((new InputSize(64, 96), new InputSize(128)), (said.InputSize, chosen.InputSize));
        using OpenCvSharp.Mat white = KnownBoxes.Picture(255);
        KnownBoxes.Equal(said.Detect(white));
    }

    private ModelException Refuse(TinyGraph graph)
    {
        string path = graph.Save(_folder);
        return Assert.Throws<ModelException>(() => Detector.Load(path));
    }

    private static TinyGraph Usual()
    {
        TinyGraph graph = new();
        return graph.Output("output0", graph.Join(1, graph.ForEach(KnownBoxes.CentersAndSizes(), 4, KnownBoxes.Anchors), graph.Scores(KnownBoxes.Probabilities(), 3, KnownBoxes.Anchors)), DataType.Float, 1, 7, KnownBoxes.Anchors);
    }
}
