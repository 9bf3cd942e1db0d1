using OpenCvSharp;
using OpenVocab.Imaging;

namespace OpenVocab.Tests.Imaging;

public sealed class UprightSizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(".jpg"), InlineData(".png"), InlineData(".webp"), InlineData(".bmp"), InlineData(".tiff")]
    public void Every_format_has_its_size_in_its_header(string extension) => Assert.Equal(new UprightSize(96, 64), Read(Encoded(extension), out _));

    [Theory, InlineData(1), InlineData(3), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void The_size_is_that_of_the_decoded_picture(byte orientation)
    {
        byte[] turned = TestPictures.WithOrientation(Encoded(".jpg"), orientation);

        using Mat decoded = ImageFile.Decode(turned, "test");

        Assert.Equal(new UprightSize(decoded.Width, decoded.Height), Read(turned, out _));
    }

    [Fact]
    public void A_header_behind_long_profiles_is_found()
    {
        byte[] jpeg = TestPictures.WithOrientation(Encoded(".jpg"), 6);
        byte[] profile = [0xFF, 0xE2, 0xFF, 0xFF, .. new byte[65_533]];

        byte[] profiled = [.. jpeg[..38], .. profile, .. profile, .. jpeg[38..]];

        Assert.Equal(new UprightSize(64, 96), Read(profiled, out _));
    }

    [Fact]
    public void Why_there_is_no_size_is_said()
    {
        Assert.Null(UprightSize.Read(_folder["none.jpg"], out string missing));
        Assert.Null(Read([], out string empty));
        Assert.Null(Read("hello"u8.ToArray(), out string text));
        Assert.Null(Read(Encoded(".jpg")[..20], out string cut));
        Assert.Null(Read([.. "\0\0\0\0ftypheic"u8], out string foreign));
        Assert.Null(Read(TestPictures.Bomb(".png", 2_000_000), out string bomb));

        Assert.Equal("there is no such file", missing);
        Assert.Equal("the file is empty (0 bytes)", empty);
        Assert.Equal("this is no picture", text);
        Assert.Equal("the header of this JPEG is cut off", cut);
        Assert.Equal("HEIC is not read here", foreign);
        Assert.Equal("its header says 2000000 x 2000000 pixels; at most 1000000 a side are possible", bomb);
    }

    private UprightSize? Read(byte[] bytes, out string why)
    {
        File.WriteAllBytes(_folder["picture"], bytes);
        return UprightSize.Read(_folder["picture"], out why);
    }

    private static byte[] Encoded(string extension)
    {
        using Mat picture = TestPictures.Halves(96, 64);
        return TestPictures.Encode(picture, extension);
    }
}
