using Microsoft.ML.OnnxRuntime;
using OpenVocab.Bundles;
using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Networks;
using OpenVocab.Models.Onnx;
using OpenCvSharp;

namespace OpenVocab.Models.Tests.Networks;

/// <summary>Both towers of CLIP against what was computed in float64 from the same weights.</summary>
public sealed class ClipTests : IDisposable
{
    private const float Tolerance = 1e-4f;
    private const double Cosine = 0.99999;

    private static readonly float[] s_mean = [0.48145466f, 0.4578275f, 0.40821073f], s_deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tiny-openai.pt", "tiny-openai.expected.npz"), InlineData("tiny-hf/model.safetensors", "tiny-hf/expected.npz"), InlineData("tiny-hf/pytorch_model.bin", "tiny-hf/expected.npz")]
    [InlineData("tiny-text-realvocab/model.safetensors", "tiny-text-realvocab/expected.npz")]
    public void Text_embeddings_equal_the_reference(string weights, string golden)
    {
        string graph = Write(weights, (builder, network, configuration) => ClipText.Build(builder, network, configuration));
        NpzFile expected = NpzFile.Read(Golden.Path("clip", golden));
        NpyFile ids = expected["input_ids"];
        using InferenceSession session = new(graph);
        using RunOptions options = new();
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(ids.ToLongs(), [ids.Shape[0], ids.Shape[1]]);
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, ["input_ids"], [input], ["text_embeds"]);

        AssertEmbeddings(expected["text_embeds"], outputs[0].GetTensorDataAsSpan<float>());
    }

    [Theory, InlineData("tiny-openai.pt", "tiny-openai.expected.npz"), InlineData("tiny-hf/model.safetensors", "tiny-hf/expected.npz"), InlineData("tiny-hf/pytorch_model.bin", "tiny-hf/expected.npz")]
    public void Image_embeddings_equal_the_reference(string weights, string golden)
    {
        string graph = Write(weights, (builder, network, configuration) => ClipImage.Build(builder, network, configuration));
        float[] pixels = Crops(out int count);

        var outputs = RawGraph.Run(graph, ("pixel_values", pixels, [count, 3, 224, 224]));

        AssertEmbeddings(NpzFile.Read(Golden.Path("clip", golden))["image_embeds"], outputs["image_embeds"].Values);
    }

    // The pictures after resizing and cropping, in the order of the cases.
    private static float[] Crops(out int count)
    {
        using System.Text.Json.JsonDocument cases = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Golden.Path("clip", "cases.json")));
        List<float> pixels = [];
        System.Text.Json.JsonElement list = cases.RootElement.ValueKind == System.Text.Json.JsonValueKind.Array ? cases.RootElement : cases.RootElement.GetProperty("cases");
        foreach (System.Text.Json.JsonElement row in list.EnumerateArray())
        {
            using Mat crop = Cv2.ImRead(Golden.Path("clip", "crops", Path.GetFileName(row.GetProperty("crop").GetString()!)));
            for (int channel = 0; channel < 3; channel++)
            {
                for (int y = 0; y < 224; y++)
                {
                    for (int x = 0; x < 224; x++) { pixels.Add((crop.At<Vec3b>(y, x)[2 - channel] / 255f - s_mean[channel]) / s_deviation[channel]); }
                }
            }
        }
        count = list.GetArrayLength();
        return [.. pixels];
    }

    private string Write(string weights, Action<GraphBuilder, ClipNetwork, ClipConfiguration> build)
    {
        string path = Golden.Path(["clip", .. weights.Split('/')]);
        using Checkpoint checkpoint = Checkpoint.Open(path);
        GraphBuilder graph = new("test", half: false);
        build(graph, ClipNetwork.Find(checkpoint)!, ClipConfiguration.Beside(path));
        string onnx = _folder[$"{Guid.NewGuid():N}.onnx"];
        graph.Save(onnx);
        return onnx;
    }

    private static void AssertEmbeddings(NpyFile expected, ReadOnlySpan<float> found)
    {
        float[] all = expected.ToFloats();
        Assert.Equal(all.Length, found.Length);
        int length = expected.Shape[1];
        for (int row = 0; row < expected.Shape[0]; row++)
        {
            double product = 0, one = 0, other = 0;
            for (int i = row * length; i < (row + 1) * length; i++)
            {
                Assert.Equal(all[i], found[i], Tolerance);
                product += (double)all[i] * found[i];
                one += (double)all[i] * all[i];
                other += (double)found[i] * found[i];
            }
            Assert.True(product / Math.Sqrt(one * other) > Cosine);
        }
    }
}
