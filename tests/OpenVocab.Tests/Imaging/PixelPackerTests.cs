using OpenVocab.Imaging;

namespace OpenVocab.Tests.Imaging;

public class PixelPackerTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(15), InlineData(16), InlineData(17), InlineData(640), InlineData(1283)]
    public void Vectors_give_the_same_floats_as_the_scalar_reference(int width)
    {
        byte[] pixels = new byte[width * 3];
        new Random(width).NextBytes(pixels);
        float[][] expected = [new float[width], new float[width], new float[width]];
        float[][] actual = [new float[width], new float[width], new float[width]];

        PixelPacker.PackRowScalar(pixels, expected[0], expected[1], expected[2]);
        PixelPacker.PackRow(pixels, actual[0], actual[1], actual[2]);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Every_level_is_the_float32_quotient_by_255_and_red_comes_first()
    {
        byte[] pixels = [.. Enumerable.Range(0, 256).SelectMany(level => new[] { (byte)level, (byte)(level ^ 0x55), (byte)(255 - level) })];
        float[] red = new float[256], green = new float[256], blue = new float[256];

        PixelPacker.PackRow(pixels, red, green, blue);

        for (int level = 0; level < 256; level++)
        {
            Assert.Equal((255 - level) / 255f, red[level]);
            Assert.Equal((level ^ 0x55) / 255f, green[level]);
            Assert.Equal(level / 255f, blue[level]);
        }
    }
}
