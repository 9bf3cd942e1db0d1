using OpenCvSharp;
using OpenVocab.Imaging;

namespace OpenVocab.Cli.Searching;

/// <summary>Small copies of pictures that were found.</summary>
internal static class Thumbnail
{
    /// <summary>Reads a picture and makes it small; a small one stays as it is.</summary>
    /// <param name="path">Of the picture.</param>
    /// <param name="box">What it must fit into.</param>
    /// <param name="limits">How large the picture may be.</param>
    /// <returns>The caller disposes it; null where the picture cannot be read any more.</returns>
    internal static Mat? Read(string path, Size box, ImageLimits limits)
    {
        try
        {
            using Mat picture = ImageFile.Read(path, limits);
            return Shrink(picture, box);
        }
        catch (SourceException) { return null; }
    }

    /// <summary>A small copy. The caller disposes it.</summary>
    internal static Mat Shrink(Mat picture, Size box)
    {
        double scale = Math.Min(1, Math.Min((double)box.Width / picture.Width, (double)box.Height / picture.Height));
        Size size = new(Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
        Mat small = new();
        Cv2.Resize(picture, small, size, 0, 0, InterpolationFlags.Area);
        return small;
    }
}
