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

        byte[] cut = new byte[224 * 224 * 3];
        new ClipPreprocessor(224).Cut(picture, cut);

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

        byte[] cut = new byte[224 * 224 * 3];
        new ClipPreprocessor(224).Cut(line, cut);

        Assert.Equal([10, 20, 30], cut[..3]);
    }

    /// <summary>The middle of a tall picture is made of few of its rows; the same picture cut to them beforehand must look the same there.</summary>
    [Theory, InlineData(224, 1000), InlineData(97, 1000), InlineData(501, 4000), InlineData(1000, 501)]
    public void Sides_that_are_cut_away_have_no_influence(int width, int height)
    {
        using Mat picture = TestPictures.Noise(width, height), other = picture.Clone();
        bool tall = height > width;
        int shorter = Math.Min(width, height), longer = Math.Max(width, height), away = (longer - shorter) / 2 - 8 * Math.Max(shorter / 224, 1);
        Cv2.Rectangle(other, new Rect(0, 0, tall ? width : away, tall ? away : height), Scalar.White, thickness: -1);
        byte[] one = new byte[224 * 224 * 3], two = new byte[one.Length];
        ClipPreprocessor preprocessor = new(224);

        preprocessor.Cut(picture, one);
        preprocessor.Cut(other, two);

        Assert.Equal(one, two);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(5), InlineData(64)]
    public void Three_channels_at_once_are_the_same_as_one_after_another(int pixels)
    {
        Random random = new(pixels);
        byte[] from = new byte[pixels * 3 + 1], vector = new byte[3], scalar = new byte[3];
        random.NextBytes(from);
        // As large as weights become, and larger: overshoot is clipped on both sides.
        int[] weights = [.. Enumerable.Range(0, pixels).Select(_ => random.Next(-(1 << 21), 1 << 22) / Math.Max(1, pixels / 4))];

        AntialiasedBicubic.Mix(from, weights, vector);
        AntialiasedBicubic.MixScalar(from, weights, scalar);

        Assert.Equal(scalar, vector);
    }

    [Theory, InlineData(0), InlineData(15), InlineData(16), InlineData(17), InlineData(672)]
    public void A_row_is_added_in_vectors_as_number_by_number(int length)
    {
        Random random = new(length);
        byte[] row = new byte[length];
        random.NextBytes(row);
        int weight = random.Next(-(1 << 20), 1 << 22);
        int[] sums = [.. Enumerable.Range(0, length).Select(_ => random.Next(-1000, 1000))], wanted = [.. sums.Zip(row, (sum, level) => sum + level * weight)];

        AntialiasedBicubic.Add(row, weight, sums);

        Assert.Equal(wanted, sums);
    }

    [Fact]
    public void A_picture_leaves_no_garbage()
    {
        using Mat picture = TestPictures.Noise(640, 480);
        ClipPreprocessor preprocessor = new(224);
        float[] planes = new float[preprocessor.Length];

        Assert.Equal(0, ManagedMemory.TakenBy(10, () => preprocessor.Write(picture, planes)));
    }
}
