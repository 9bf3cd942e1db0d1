using OpenCvSharp;
using OpenVocab.Imaging;

namespace OpenVocab.Tests.Imaging;

public sealed class ExifOrientationTests
{
    private static readonly byte[] s_jpeg = Jpeg();

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Reads_what_the_camera_wrote_in_either_byte_order(byte orientation)
    {
        Assert.Equal(orientation, ExifOrientation.Read(TestPictures.WithOrientation(s_jpeg, orientation)));
        Assert.Equal(orientation, ExifOrientation.Read(WithLittleEndian(orientation)));
        Assert.Equal(orientation >= 5, ExifOrientation.Turns(orientation));
    }

    [Theory, InlineData(0), InlineData(9), InlineData(255)]
    public void What_is_no_orientation_counts_as_upright(byte orientation) => Assert.Equal(1, ExifOrientation.Read(TestPictures.WithOrientation(s_jpeg, orientation)));

    [Fact]
    public void A_picture_without_exif_is_upright() => Assert.Equal(1, ExifOrientation.Read(s_jpeg));

    [Fact]
    public void What_stands_behind_the_frame_is_not_looked_at()
    {
        byte[] turned = TestPictures.WithOrientation(s_jpeg, 6);

        byte[] behind = [.. s_jpeg[..^2], .. turned[2..38], 0xFF, 0xD9];

        Assert.Equal(1, ExifOrientation.Read(behind));
    }

    [Fact]
    public void Another_segment_in_front_is_passed_over()
    {
        byte[] turned = TestPictures.WithOrientation(s_jpeg, 8);

        byte[] profiled = [.. turned[..2], 0xFF, 0xE1, 0, 6, .. "http"u8, .. turned[2..]];

        Assert.Equal(8, ExifOrientation.Read(profiled));
    }

    [Fact]
    public void Bytes_of_any_kind_give_a_number_from_1_to_8()
    {
        byte[] whole = WithLittleEndian(6)[..80];
        Random random = new(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = whole[..random.Next(whole.Length + 1)];
            for (int change = 0; change < 4 && bytes.Length > 0; change++) { bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? 0xFF : random.Next(256)); }

            Assert.InRange(ExifOrientation.Read(bytes), 1, 8);
        }
    }

    private static byte[] WithLittleEndian(byte orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 46, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0,
            2, 0, 0x0F, 0x01, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0,
        ];
        return [.. s_jpeg[..2], .. exif, .. s_jpeg[2..]];
    }

    private static byte[] Jpeg()
    {
        using Mat picture = TestPictures.Halves(96, 64);
        return TestPictures.Encode(picture, ".jpg");
    }
}
