using OpenCvSharp;
using OpenVocab.Imaging;

namespace OpenVocab.Tests.Imaging;

public sealed class ImageFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(".jpg"), InlineData(".png"), InlineData(".webp"), InlineData(".bmp"), InlineData(".tiff")]
    public void Every_format_gives_blue_green_red(string extension)
    {
        using Mat picture = TestPictures.Halves(96, 64);

        using Mat decoded = ImageFile.Decode(TestPictures.Encode(picture, extension), "test");

        Assert.Equal((96, 64, MatType.CV_8UC3), (decoded.Width, decoded.Height, decoded.Type()));
        Assert.True(decoded.At<Vec3b>(50, 10).Item0 > 200, "the left half is blue");
        Assert.True(decoded.At<Vec3b>(50, 80).Item2 > 200, "the right half is red");
    }

    [Fact]
    public void Grey_four_channel_and_16_bit_pictures_become_8_bit_blue_green_red()
    {
        using Mat grey = new(20, 30, MatType.CV_8UC1, Scalar.All(100));
        using Mat alpha = new(20, 30, MatType.CV_8UC4, new Scalar(10, 20, 30, 0));
        using Mat wide = new(20, 30, MatType.CV_16UC3, new Scalar(257 * 10, 257 * 20, 257 * 30));

        using Mat fromGrey = ImageFile.Decode(TestPictures.Encode(grey, ".png"), "grey");
        using Mat fromAlpha = ImageFile.Decode(TestPictures.Encode(alpha, ".png"), "alpha");
        using Mat fromWide = ImageFile.Decode(TestPictures.Encode(wide, ".png"), "wide");

        Assert.Equal(new Vec3b(100, 100, 100), fromGrey.At<Vec3b>(5, 5));
        Assert.Equal(new Vec3b(10, 20, 30), fromAlpha.At<Vec3b>(5, 5));
        Assert.Equal(new Vec3b(10, 20, 30), fromWide.At<Vec3b>(5, 5));
    }

    [Theory, InlineData(1, 96, 64), InlineData(3, 96, 64), InlineData(6, 64, 96), InlineData(8, 64, 96)]
    public void Pictures_are_turned_upright_as_their_camera_says(byte orientation, int width, int height)
    {
        using Mat picture = TestPictures.Halves(96, 64);

        using Mat decoded = ImageFile.Decode(TestPictures.WithOrientation(TestPictures.Encode(picture, ".jpg"), orientation), "test");

        Assert.Equal((width, height), (decoded.Width, decoded.Height));
        // The green bar lay above; the camera says where above is.
        (int row, int column) = orientation switch { 1 => (4, width / 2), 3 => (height - 4, width / 2), 6 => (height / 2, width - 4), _ => (height / 2, 4) };
        Assert.True(decoded.At<Vec3b>(row, column).Item1 > 200, "the green bar is where it belongs");
    }

    [Theory]
    [InlineData(".jpg", 0.02), InlineData(".jpg", 0.5), InlineData(".jpg", 0.99)]
    [InlineData(".png", 0.02), InlineData(".png", 0.5), InlineData(".png", 0.99)]
    [InlineData(".webp", 0.5), InlineData(".bmp", 0.5)]
    public void A_picture_that_is_cut_off_is_damaged_and_not_half_grey(string extension, double part)
    {
        using Mat picture = TestPictures.Noise(200, 150);
        byte[] whole = TestPictures.Encode(picture, extension);

        SourceException thrown = Assert.Throws<SourceException>(() => ImageFile.Decode(whole.AsSpan(0, (int)(whole.Length * part)), "cut.pic"));

        Assert.Equal(SourceFault.Damaged, thrown.Fault);
        Assert.StartsWith("cut.pic: ", thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(".png"), InlineData(".jpg")]
    public void A_bomb_is_refused_before_it_is_decoded_with_the_option_that_lifts_the_bound(string extension)
    {
        SourceException thrown = Assert.Throws<SourceException>(() => ImageFile.Decode(TestPictures.Bomb(extension, 30_000), "bomb"));

        Assert.Equal(SourceFault.TooLarge, thrown.Fault);
        Assert.Contains("30000 x 30000 = 900 megapixels; at most 50 megapixels", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("--max-pixels 900000000", thrown.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raised_bound_lets_a_larger_picture_in()
    {
        using Mat picture = new(10, 20_000, MatType.CV_8UC3, Scalar.All(7));
        byte[] encoded = TestPictures.Encode(picture, ".png");

        Assert.Equal(SourceFault.TooLarge, Assert.Throws<SourceException>(() => ImageFile.Decode(encoded, "long")).Fault);
        using Mat decoded = ImageFile.Decode(encoded, "long", new ImageLimits { MaxPixels = 60_000_000 });

        Assert.Equal(20_000, decoded.Width);
    }

    [Theory]
    [InlineData("<html><body>404</body></html>", SourceFault.Unsupported, "this is no picture")]
    [InlineData("", SourceFault.Damaged, "empty (0 bytes)")]
    [InlineData("%PDF-1.7", SourceFault.Unsupported, "PDF is not read here")]
    [InlineData("\0\0\0\u001cftypavif", SourceFault.Unsupported, "AVIF is not read here")]
    [InlineData("\0\0\0\u001cftypheic", SourceFault.Unsupported, "HEIC is not read here")]
    [InlineData("<?xml version='1.0'?><svg/>", SourceFault.Unsupported, "SVG is not read here")]
    public void What_is_no_picture_is_named(string content, SourceFault fault, string words)
    {
        SourceException thrown = Assert.Throws<SourceException>(() => ImageFile.Decode(content.Select(letter => (byte)letter).ToArray(), "file"));

        Assert.Equal(fault, thrown.Fault);
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_told_apart()
    {
        Assert.Contains("there is no such file", Assert.Throws<SourceException>(() => ImageFile.Read(_folder["none.jpg"])).Message, StringComparison.Ordinal);
        Assert.Contains("this is a folder", Assert.Throws<SourceException>(() => ImageFile.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_behind_the_end_of_a_jpeg_do_no_harm()
    {
        using Mat picture = TestPictures.Halves(96, 64);

        using Mat decoded = ImageFile.Decode((byte[])[.. TestPictures.Encode(picture, ".jpg"), .. new byte[5000], 0xFF, 0xDA, 1, 2, 3], "test");

        Assert.Equal(96, decoded.Width);
    }
}
