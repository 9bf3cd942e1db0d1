using System.Text.Json;
using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Imaging;

namespace OpenVocab.Tests.Imaging;

public class ClipPreprocessorTests
{
    public static TheoryData<string, string> Cases()
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("clip", "cases.json")));
        TheoryData<string, string> data = [];
        foreach (JsonElement row in cases.RootElement.GetProperty("cases").EnumerateArray())
        {
            // The way that is implemented: upright, RGB first, halves to even.
            if (row.GetProperty("variants").EnumerateArray().Any(variant => variant.GetString() == "rgb_first")) { data.Add(row.GetProperty("image").GetString()!, row.GetProperty("crop").GetString()!); }
        }
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Pictures_equal_Pillows_bicubic_exactly(string image, string crop)
    {
        using Mat picture = ImageFile.Read(Golden.Path("clip", "images", image));
        using Mat expected = Cv2.ImRead(Golden.Path("clip", "crops", crop));
        expected.GetArray(out Vec3b[] pixels);

        byte[] cut = new ClipPreprocessor(224).Cut(picture);

        byte[] wanted = [.. pixels.SelectMany(pixel => new[] { pixel.Item0, pixel.Item1, pixel.Item2 })];
        int worst = wanted.Zip(cut, (a, b) => Math.Abs(a - b)).Max();
        // Decoders of JPEG differ by a few levels; everything else is exact.
        Assert.InRange(worst, 0, image.EndsWith(".jpg", StringComparison.Ordinal) ? 2 : 0);
    }

    [Fact]
    public void The_networks_input_equals_the_reference()
    {
        NpyFile expected = NpzFile.Read(Golden.Path("clip", "tiny-openai.expected.npz"))["image_pixels_0"];
        using Mat picture = ImageFile.Read(Golden.Path("clip", "images", "big_801x603.png"));
        ClipPreprocessor preprocessor = new(224);
        float[] planes = new float[preprocessor.Length];

        preprocessor.Write(picture, planes);

        // A level is 1/255 of the range before normalization; the tables differ by rounding alone.
        Assert.All(expected.ToFloats().Zip(planes), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void A_very_long_picture_costs_no_more_than_its_middle()
    {
        using Mat line = new(1, 20_000, MatType.CV_8UC3, new Scalar(10, 20, 30));

        byte[] cut = new ClipPreprocessor(224).Cut(line);

        Assert.Equal([10, 20, 30], cut[..3]);
    }
}
