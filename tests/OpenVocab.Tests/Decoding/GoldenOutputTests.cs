using OpenVocab.Bundles;
using OpenVocab.Decoding;
using OpenVocab.Imaging;

namespace OpenVocab.Tests.Decoding;

/// <summary>Decoding and NMS from the stored outputs of whole networks, and the way back to the picture. These arrays hold photographs of
/// others, so they are read in place.</summary>
public class GoldenOutputTests
{
    public static TheoryData<string, string> Cases()
    {
        string[] files =
        [
            "tiny-world.own16", "tiny-world.k1-b2", "tiny-worldv2.own20-b2", "tiny-worldv2.k3-rect", "tiny-worldv2.k80-rect", "yolov8n-world.own80",
            "yolov8n-world.k3-rect", "yolov8n-worldv2.own80-b2", "yolov8n-worldv2.k1-rect", "yolov8s-worldv2-rect.own80", "yolov8s-worldv2-rect.k3",
        ];
        TheoryData<string, string> cases = [];
        foreach (string file in files)
        {
            foreach (string variant in new[] { "default", "agnostic", "multi" }) { cases.Add(file, variant); }
        }
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Kept_rows_and_boxes_equal_the_reference_exactly(string file, string variant)
    {
        NpzFile arrays = NpzFile.Read(SharedFiles.Get(Assert.Skip, "golden", "yolo-world", file + ".npz"));
        NpyFile output = arrays["output0"], images = arrays["images"];
        int count = output.Shape[1] - 4;
        float threshold = variant == "multi" ? (float)arrays["multi_conf"].ToDoubles()[0] : 0.25f;
        DecodeSettings settings = new()
        {
            ClassOfRow = [.. Enumerable.Range(0, count)],
            Thresholds = [.. Enumerable.Repeat(threshold, count)],
            SuppressionGroups = [.. Enumerable.Range(0, count)],
            MultiLabel = variant == "multi" && count > 1,
            Agnostic = variant == "agnostic",
        };
        for (int picture = 0; picture < output.Shape[0]; picture++)
        {
            List<float[]> kept = GoldenRows.Decode(output, picture, settings, new ChannelMajorDecoder(), out List<int> anchors);

            Assert.Equal(GoldenRows.Read(arrays[$"nms_{variant}_{picture}"]), kept);
            Assert.Equal(arrays[$"idx_{variant}_{picture}"].ToInts(), anchors);
            int[] original = arrays["orig_shape"].ToInts();
            (int height, int width) = (original[picture * 2], original[picture * 2 + 1]);
            bool square = images.Shape[1] == images.Shape[2];
            LetterboxGeometry geometry = LetterboxGeometry.Fit(
                width, height, Math.Max(images.Shape[1], images.Shape[2]), Math.Max(images.Shape[1], images.Shape[2]), !square, 32);
            Assert.Equal((images.Shape[1], images.Shape[2]), (geometry.Height, geometry.Width));
            List<float[]> mapped = [.. kept.Select(row => geometry.ToSource(row[0], row[1], row[2], row[3]) is var box
                ? new[] { box.X1, box.Y1, box.X2, box.Y2, row[4], row[5] } : [])];
            Assert.Equal(GoldenRows.Read(arrays[$"boxes_{variant}_{picture}"]), mapped);
        }
    }
}
