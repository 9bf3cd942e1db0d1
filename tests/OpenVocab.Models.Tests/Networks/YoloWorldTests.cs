using OpenVocab.Bundles;
using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Networks;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Tests.Networks;

/// <summary>The networks that are written against what the reference computed from the same checkpoints.</summary>
public sealed class YoloWorldTests : IDisposable
{
    // The reference differs from itself by up to 0.018 px and 1.5e-4 with another memory layout (golden/yolo-world/README.md).
    private const float BoxTolerance = 0.05f, ProbabilityTolerance = 5e-4f, LayerTolerance = 1e-3f;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tiny-world", "own16"), InlineData("tiny-world", "k1-b2"), InlineData("tiny-worldv2", "own20-b2"), InlineData("tiny-worldv2", "k3-rect"), InlineData("tiny-worldv2", "k80-rect")]
    [InlineData("tiny-worldv2-legacy", "k3-rect"), InlineData("yolov8n-world", "own80"), InlineData("yolov8n-world", "k3-rect"), InlineData("yolov8n-worldv2", "own80-b2"), InlineData("yolov8n-worldv2", "k1-rect")]
    [InlineData("yolov8s-worldv2-rect", "own80"), InlineData("yolov8s-worldv2-rect", "k3")]
    public void Boxes_and_probabilities_equal_the_reference_on_all_anchors(string checkpoint, string tag)
    {
        string path = SharedFiles.Get(Assert.Skip, "golden", "yolo-world", checkpoint + ".pt");
        NpzFile golden = NpzFile.Read(SharedFiles.Get(Assert.Skip, "golden", "yolo-world", $"{checkpoint.Replace("-legacy", "", StringComparison.Ordinal)}.{tag}.npz"));
        NpyFile images = golden["images"], text = golden["text"], expected = golden["output0"];
        (int batch, int height, int width) = (images.Shape[0], images.Shape[1], images.Shape[2]);
        string graph = Write(path);

        var outputs = RawGraph.Run(graph, ("images", ToPlanes(images), [batch, 3, height, width]), ("text", text.ToFloats(), [text.Shape[0], text.Shape[1]]));

        Assert.Equal([.. expected.Shape.Select(side => (long)side)], outputs["output0"].Shape);
        AssertOutput(expected.ToFloats(), outputs["output0"].Values, expected.Shape[1], expected.Shape[2]);
    }

    [Theory, InlineData("tiny-world"), InlineData("tiny-worldv2"), InlineData("yolov8n-world"), InlineData("yolov8n-worldv2")]
    public void Every_layer_equals_the_reference(string checkpoint)
    {
        string path = Find(checkpoint + ".pt");
        NpzFile golden = NpzFile.Read(Find(checkpoint + ".layers.npz"));
        NpyFile images = golden["images"], text = golden["text"];
        string graph = Write(path, layers: true);

        var outputs = RawGraph.Run(graph, ("images", images.ToFloats(), [.. images.Shape.Select(side => (long)side)]), ("text", text.ToFloats(), [text.Shape[^2], text.Shape[^1]]));

        int layers = checkpoint.EndsWith("v2", StringComparison.Ordinal) ? 22 : 23;
        for (int layer = 0; layer < layers; layer++) { AssertLayer($"layer_{layer:00}", golden[$"layer_{layer:00}"].ToFloats(), outputs[$"layer_{layer:00}"].Values); }
        for (int level = 0; level < 3; level++)
        {
            float[] expected = golden[$"head_{level}"].ToFloats(), boxes = outputs[$"boxes_{level}"].Values, logits = outputs[$"logits_{level}"].Values;
            AssertLayer($"boxes of head_{level}", expected[..boxes.Length], boxes);
            AssertLayer($"logits of head_{level}", expected[boxes.Length..], logits);
        }
        NpyFile output = golden["output0"];
        AssertOutput(output.ToFloats(), outputs["output0"].Values, output.Shape[1], output.Shape[2]);
    }

    private string Write(string checkpointPath, bool layers = false)
    {
        using Checkpoint checkpoint = Checkpoint.Open(checkpointPath);
        YoloWorldNetwork network = YoloWorldNetwork.Find(checkpoint)!;
        GraphBuilder graph = new("test", half: false);
        List<(string Name, Value Value, object[] Sides)> extra = [];
        YoloWorld.Build(
            graph, network, regions: true,
            layers ? (i, value) => extra.Add(($"layer_{i:00}", value, i == 16 && network.HasImagePooling ? ["a", "b", "c"] : ["a", "b", "c", "d"])) : null,
            layers ? (i, level) => extra.AddRange([($"boxes_{i}", level.Boxes, ["a", "b", "c", "d"]), ($"logits_{i}", level.Logits, ["a", "b", "c"])]) : null);
        foreach ((string name, Value value, object[] sides) in extra) { graph.Output(name, value, sides); }
        string path = _folder[$"{Guid.NewGuid():N}.onnx"];
        graph.Save(path);
        return path;
    }

    // The tiny ones are part of the tests; the others are read in place.
    private static string Find(string name) => Golden.Path("yolo-world", name) is var path && File.Exists(path) ? path : SharedFiles.Get(Assert.Skip, "golden", "yolo-world", name);

    // [B, H, W, 3], 0 to 255, to [B, 3, H, W], 0 to 1.
    private static float[] ToPlanes(NpyFile images)
    {
        byte[] bytes = images.ToBytes();
        int plane = images.Shape[1] * images.Shape[2];
        float[] planes = new float[bytes.Length];
        for (int i = 0; i < bytes.Length; i++) { planes[i / (3 * plane) * 3 * plane + i % 3 * plane + i / 3 % plane] = bytes[i] / 255f; }
        return planes;
    }

    private static void AssertOutput(float[] expected, float[] found, int rows, int anchors)
    {
        Assert.Equal(expected.Length, found.Length);
        float box = 0, probability = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            float difference = MathF.Abs(expected[i] - found[i]);
            Assert.True(float.IsFinite(found[i]));
            if (i / anchors % rows < 4) { box = Math.Max(box, difference); }
            else { probability = Math.Max(probability, difference); }
        }
        Assert.True(box <= BoxTolerance && probability <= ProbabilityTolerance, $"boxes differ by up to {box} px, probabilities by up to {probability}");
        TestContext.Current.SendDiagnosticMessage($"boxes {box} px, probabilities {probability}");
    }

    private static void AssertLayer(string name, float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        float most = expected.Max(MathF.Abs), worst = expected.Zip(found, (a, b) => MathF.Abs(a - b)).Max();
        Assert.True(worst <= LayerTolerance * most, $"{name} differs by {worst} where its largest value is {most}");
    }
}
