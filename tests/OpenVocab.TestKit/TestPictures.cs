using System.Buffers.Binary;
using OpenCvSharp;

namespace OpenVocab.TestKit;

/// <summary>Pictures made in the test: known colours at known places, and files that are broken on purpose.</summary>
public static class TestPictures
{
    /// <summary>Left half blue, right half red, a green bar along the upper edge: turning it shows.</summary>
    public static Mat Halves(int width, int height)
    {
        Mat picture = new(height, width, MatType.CV_8UC3, new Scalar(255, 0, 0));
        Cv2.Rectangle(picture, new Rect(width / 2, 0, width - width / 2, height), new Scalar(0, 0, 255), -1);
        Cv2.Rectangle(picture, new Rect(0, 0, width, height / 4), new Scalar(0, 255, 0), -1);
        return picture;
    }

    /// <summary>Random pixels, which no codec shrinks: cutting the file cuts the picture.</summary>
    public static Mat Noise(int width, int height, int seed = 1)
    {
        byte[] pixels = new byte[width * height * 3];
        new Random(seed).NextBytes(pixels);
        using Mat borrowed = Mat.FromPixelData(height, width, MatType.CV_8UC3, pixels);
        return borrowed.Clone();
    }

    /// <summary>Encodes a picture.</summary>
    public static byte[] Encode(Mat picture, string extension)
    {
        Cv2.ImEncode(extension, picture, out byte[] encoded);
        return encoded;
    }

    /// <summary>A small file whose header claims a huge picture.</summary>
    public static byte[] Bomb(string extension, int side)
    {
        using Mat picture = Halves(64, 48);
        byte[] bytes = Encode(picture, extension);
        if (extension == ".png")
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), side);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), side);
            return bytes;
        }
        int frame = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 5), (ushort)side);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 7), (ushort)side);
        return bytes;
    }

    /// <summary>Puts an EXIF orientation (1 to 8) into a JPEG.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
