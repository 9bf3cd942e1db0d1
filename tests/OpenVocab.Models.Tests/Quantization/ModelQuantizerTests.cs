using OpenVocab.Bundles;
using OpenVocab.Inference;
using OpenVocab.Models.Onnx;
using OpenVocab.Models.Quantization;
using OpenVocab.Prompts;
using OpenVocab.Sources;

namespace OpenVocab.Models.Tests.Quantization;

public sealed class ModelQuantizerTests : IDisposable
{
    private static readonly QuantizationOptions s_few = new() { Pictures = 8, Rule = CalibrationRule.SquaredError, WeightBits = 7, KeepFloat = "^/convs/" };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_default_model_finds_the_same_things_in_8_bits()
    {
        QuantizedModel made = Quantize(ModelBundle.OpenDefault(), _folder["small"], s_few);

        Assert.Equal((CalibrationRule.SquaredError, 89, 114), (made.Rule, made.Convolutions, made.AllConvolutions));
        OutputShift shift = Assert.Single(made.Trials).Value;
        Assert.True(shift is { Anchors: > 20, MeanScore: > 0 and < 0.1, MeanOverlap: > 0.85 and < 1 }, $"{shift}");
        ModelBundle bundle = ModelBundle.Open(made.Folder);
        Assert.Equal(7, bundle.Quantization!.WeightBits);
        Assert.True(bundle.Require(BundleRoles.QuantizedDetector).Bytes < 0.7 * bundle.Require(BundleRoles.Detector).Bytes);
        using Detector exact = Detector.Load(bundle, new() { Precision = ExecutionPrecision.Full }), rough = Detector.Load(bundle, new() { Precision = ExecutionPrecision.Quantized });
        Assert.Equal((ExecutionPrecision.Full, ExecutionPrecision.Quantized), (exact.Precision, rough.Precision));
        Detection cat = Assert.Single(exact.Detect(RepositoryFiles.Get("samples", "media", "cat.jpg")).Detections), again = Assert.Single(rough.Detect(RepositoryFiles.Get("samples", "media", "cat.jpg")).Detections);
        Assert.Equal(cat.ClassId, again.ClassId);
        Assert.NotEqual(cat.Score, again.Score);
        Assert.Equal(cat.Score, again.Score, 0.1f);
        Assert.Equal(cat.Box.X2, again.Box.X2, 0.1f * cat.Box.Width);
    }

    [Fact]
    public void Every_kernel_between_two_convolutions_is_an_8_bit_one()
    {
        ModelProto model = Quantized();
        GraphIndex index = new(model.Graph);

        // What is read as float behind a rounding must be read by what was left float: the head.
        NodeProto[] readers = [.. model.Graph.Node.Where(node => node.OpType == "DequantizeLinear" && node.Output[0].EndsWith(".rounded", StringComparison.Ordinal)).SelectMany(node => index.ReadersOf(node.Output[0]))];
        Assert.All(readers, node => Assert.Contains(node.OpType, (string[])["Conv", "LeakyRelu", "Concat", "Gather", "Add", "Resize", "Shape"]));
        Assert.DoesNotContain(model.Graph.Node, node => node.OpType == "Softplus");
        Assert.DoesNotContain(model.Graph.Node, node => node.OpType == "Transpose" && node.Name.Contains("stage", StringComparison.Ordinal));
        // The float weights of 8-bit convolutions are gone.
        Assert.DoesNotContain(model.Graph.Initializer, tensor => tensor.Name == "det.backbone.stage2.0.pw1.conv.weight_h");
    }

    [Fact]
    public void Simplifying_alone_changes_nothing()
    {
        ModelProto model = OnnxFile.Read(ModelBundle.OpenDefault().Require(BundleRoles.Detector).Path);
        GraphSimplifier.Run(model);
        OnnxFile.Write(model, _folder["simple.onnx"]);
        using DetectorModel before = new(ModelBundle.OpenDefault().Require(BundleRoles.Detector).Path, DeviceSettings.Processor), after = new(_folder["simple.onnx"], DeviceSettings.Processor);
        byte[] levels = new byte[3 * 320 * 320];
        new Random(1).NextBytes(levels);
        Vocabulary words = ModelBundle.OpenDefault().LoadDefaultVocabulary();

        OutputShift shift = OutputShift.Measure(before, after, [new(320, 320, levels), Frame("dogs.jpg")], words.Embeddings.ToArray(), words.Rows, TestContext.Current.CancellationToken);

        Assert.True(shift is { Anchors: > 5, LargestScore: < 1e-4, MeanOverlap: > 0.9999 }, $"{shift}");
        Assert.True(model.Graph.Node.Count(node => node.OpType == "Gather" && node.Name.EndsWith(".choose", StringComparison.Ordinal)) >= 26);
    }

    [Fact]
    public void A_yolo_world_is_quantized_too()
    {
        ModelImporter.Import(Golden.Path("yolo-world", "tiny-worldv2.pt"), _folder["tiny"]);

        QuantizedModel made = Quantize(ModelBundle.Open(_folder["tiny"]), _folder["small"], s_few with { Rule = CalibrationRule.Auto });

        Assert.Equal(4, made.Trials.Count);
        Assert.Equal(made.Trials.MinBy(trial => trial.Value.Cost).Key, made.Rule);
        Assert.True(made.Convolutions > made.AllConvolutions / 2, $"{made.Convolutions} of {made.AllConvolutions}");
        // No value is asked for its shape: that keeps kernels from being fused.
        ModelProto model = OnnxFile.Read(ModelBundle.Open(made.Folder).Require(BundleRoles.QuantizedDetector).Path);
        GraphIndex index = new(model.Graph);
        Assert.All(model.Graph.Node.Where(node => node.OpType == "QuantizeLinear"), node => Assert.DoesNotContain(index.ReadersOf(node.Input[0]), reader => reader.OpType == "Shape"));
    }

    [Fact]
    public void What_cannot_be_quantized_is_named()
    {
        ModelException bare = Assert.Throws<ModelException>(() => Quantize(ModelBundle.Open(RepositoryFiles.Get("models", "default", "detector.onnx")), _folder["small"], s_few));
        Assert.Contains("this is an ONNX file; a bundle is quantized", bare.Message, StringComparison.Ordinal);
        Assert.Contains("no convolution", Assert.Throws<ModelException>(() => Quantize(ModelBundle.OpenDefault(), _folder["small"], s_few with { KeepFloat = "." })).Message, StringComparison.Ordinal);
        Assert.Contains("2 pictures could be read; at least 4", Assert.Throws<SourceException>(() => Quantize(ModelBundle.OpenDefault(), _folder["small"], s_few, [.. Pictures().Take(2)])).Message, StringComparison.Ordinal);
        Assert.Contains("Pictures is 3", Assert.Throws<ArgumentException>(() => Quantize(ModelBundle.OpenDefault(), _folder["small"], s_few with { Pictures = 3 })).Message, StringComparison.Ordinal);
        Assert.Contains("KeepFloat is \"(\"", Assert.Throws<ArgumentException>(() => Quantize(ModelBundle.OpenDefault(), _folder["small"], s_few with { KeepFloat = "(" })).Message, StringComparison.Ordinal);
        using CancellationTokenSource stopped = new();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => ModelQuantizer.Quantize(ModelBundle.OpenDefault(), _folder["small"], Pictures(), s_few, null, stopped.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private static QuantizedModel Quantize(ModelBundle bundle, string folder, QuantizationOptions options, IReadOnlyList<SourceReference>? pictures = null) =>
        ModelQuantizer.Quantize(bundle, folder, pictures ?? Pictures(), options, null, TestContext.Current.CancellationToken);

    private static IReadOnlyList<SourceReference> Pictures() => [.. FrameSources.Find(RepositoryFiles.Get("samples", "media")).Where(source => source.Kind == SourceKind.Picture).Take(8)];

    private static CalibrationFrame Frame(string picture)
    {
        using DetectorModel model = new(ModelBundle.OpenDefault().Require(BundleRoles.Detector).Path, DeviceSettings.Processor);
        InputPlacement placement = InputPlacement.Choose(ModelBundle.OpenDefault().Detector, new(), model.Signature);
        return CalibrationFrames.Read([.. Enumerable.Repeat(FrameSources.Find(RepositoryFiles.Get("samples", "media", picture))[0], 4)], 4, placement, [], TestContext.Current.CancellationToken)[0];
    }

    private ModelProto Quantized()
    {
        Quantize(ModelBundle.OpenDefault(), _folder["small"], s_few);
        return OnnxFile.Read(ModelBundle.Open(_folder["small"]).Require(BundleRoles.QuantizedDetector).Path);
    }
}
