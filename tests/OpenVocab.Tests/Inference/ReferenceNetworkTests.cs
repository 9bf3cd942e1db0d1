using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Imaging;
using OpenVocab.Inference;

namespace OpenVocab.Tests.Inference;

/// <summary>Pixels and network against what the reference computed. Its pictures are others' and are read in place.</summary>
public class ReferenceNetworkTests
{
    [Theory]
    [InlineData("tiny-world.own16", "bus.jpg", 320, true), InlineData("tiny-worldv2.own20-b2", "bus.jpg", 320, false), InlineData("yolov8n-world.k3-rect", "zidane.jpg", 640, true)]
    [InlineData("yolov8n-world.own80", "bus.jpg", 384, true), InlineData("yolov8s-worldv2-rect.own80", "zidane.jpg", 480, true)]
    public void Letterboxed_photographs_equal_the_reference_within_one_grey_level(string file, string picture, int side, bool rectangle)
    {
        NpyFile images = NpzFile.Read(SharedFiles.Get(Assert.Skip, "golden", "yolo-world", file + ".npz"))["images"];
        using Mat decoded = ImageFile.Read(SharedFiles.Get(Assert.Skip, "golden", "yolo-world", picture));
        using Letterbox letterbox = new();
        LetterboxGeometry geometry = LetterboxGeometry.Fit(decoded.Width, decoded.Height, side, side, rectangle, 32);
        float[] planes = new float[3 * geometry.Width * geometry.Height];

        letterbox.Write(decoded, geometry, planes);

        Assert.Equal((images.Shape[1], images.Shape[2]), (geometry.Height, geometry.Width));
        byte[] expected = images.ToBytes();
        int plane = geometry.Width * geometry.Height;
        int worst = 0;
        for (int i = 0; i < plane; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                worst = Math.Max(worst, Math.Abs(expected[i * 3 + channel] - (int)MathF.Round(planes[channel * plane + i] * 255)));
            }
        }
        Assert.InRange(worst, 0, 1);
    }

    [Fact]
    public void A_network_with_a_text_input_of_three_dimensions_gives_the_reference_output()
    {
        string path = SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "tiny-worldv2.text-k3.onnx");
        NpzFile arrays = NpzFile.Read(SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "tiny-worldv2.k3-rect.npz"));
        NpyFile images = arrays["images"], expected = arrays["output0"];
        (int height, int width) = (images.Shape[1], images.Shape[2]);
        using DetectorModel model = new(path, new(ExecutionDevice.Cpu, 1));
        InferenceSlot slot = model.Rent();
        try
        {
            Span<float> pixels = slot.PixelsFor(width, height, 1);
            byte[] bytes = images.ToBytes();
            for (int i = 0; i < width * height; i++)
            {
                for (int channel = 0; channel < 3; channel++) { pixels[channel * width * height + i] = bytes[i * 3 + channel] / 255f; }
            }

            slot.Run(arrays["text"].ToFloats(), 3);

            // Tolerances of the reference: 0.05 pixels, 5e-4 of probability.
            float[] output = expected.ToFloats();
            ReadOnlySpan<float> found = slot.Outputs.Tensors[0].Of(0);
            Assert.Equal(output.Length, found.Length);
            for (int i = 0; i < output.Length; i++) { Assert.Equal(output[i], found[i], i < 4 * expected.Shape[2] ? 0.05f : 5e-4f); }
        }
        finally { model.Return(slot); }
    }

    [Fact]
    public void A_file_that_is_no_model_and_one_without_a_picture_input_are_told_apart()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.onnx"], "text");

        Assert.Contains("ONNX Runtime cannot open this file", Assert.Throws<ModelException>(() => new DetectorModel(folder["a.onnx"], new(ExecutionDevice.Cpu, 1))).Message, StringComparison.Ordinal);
        ModelException thrown = Assert.Throws<ModelException>(() => new DetectorModel(RepositoryFiles.Get("models", "default", "text-encoder.onnx"), new(ExecutionDevice.Cpu, 1)));
        Assert.Contains("no picture input", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("input_ids int64 [", thrown.Message, StringComparison.Ordinal);
    }
}
