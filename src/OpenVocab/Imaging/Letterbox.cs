using OpenCvSharp;

namespace OpenVocab.Imaging;

/// <summary>
/// Scales a picture into the network's input and packs it: one call of OpenCV's bilinear resize into a reused picture, then one pass
/// over the output that writes border, channel order, scale and planes at once.
/// </summary>
/// <remarks>One per inference slot: it owns the scaled picture. Not safe for two threads at once.</remarks>
internal sealed class Letterbox : IDisposable
{
    private Mat? _scaled = NativeCount.Track(new Mat());

    /// <summary>Writes <paramref name="picture"/> into <paramref name="planes"/>.</summary>
    /// <param name="picture">CV_8UC3, blue, green, red; not changed.</param>
    /// <param name="geometry">From <see cref="LetterboxGeometry.Fit"/> for this picture's size.</param>
    /// <param name="planes">3 × height × width floats, red plane first, 0 to 1.</param>
    internal void Write(Mat picture, in LetterboxGeometry geometry, Span<float> planes)
    {
        int plane = geometry.Width * geometry.Height;
        if (planes.Length != 3 * plane)
        {
            throw new ArgumentException($"{planes.Length} floats are not 3 planes of {geometry.Width} x {geometry.Height}.", nameof(planes));
        }
        Mat content = Scale(picture, geometry);
        Span<float> red = planes[..plane], green = planes.Slice(plane, plane), blue = planes[(2 * plane)..];
        FillBorder(red, geometry);
        FillBorder(green, geometry);
        FillBorder(blue, geometry);
        for (int y = 0; y < geometry.ContentHeight; y++)
        {
            int at = (geometry.Top + y) * geometry.Width + geometry.Left;
            PixelPacker.PackRow(
                RowOf(content, y), red.Slice(at, geometry.ContentWidth), green.Slice(at, geometry.ContentWidth),
                blue.Slice(at, geometry.ContentWidth));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _scaled, null) is { } scaled) { NativeCount.Release(scaled); }
    }

    private Mat Scale(Mat picture, in LetterboxGeometry geometry)
    {
        ObjectDisposedException.ThrowIf(_scaled is null, this);
        if (picture.Width == geometry.ContentWidth && picture.Height == geometry.ContentHeight) { return picture; }
        BilinearResize.Run(picture, _scaled, new Size(geometry.ContentWidth, geometry.ContentHeight));
        return _scaled;
    }

    private static void FillBorder(Span<float> plane, in LetterboxGeometry geometry)
    {
        int width = geometry.Width, right = width - geometry.Left - geometry.ContentWidth;
        plane[..(geometry.Top * width)].Fill(PixelPacker.Border);
        plane[((geometry.Top + geometry.ContentHeight) * width)..].Fill(PixelPacker.Border);
        if (geometry.Left == 0 && right == 0) { return; }
        for (int y = geometry.Top; y < geometry.Top + geometry.ContentHeight; y++)
        {
            plane.Slice(y * width, geometry.Left).Fill(PixelPacker.Border);
            plane.Slice((y + 1) * width - right, right).Fill(PixelPacker.Border);
        }
    }

    private static unsafe ReadOnlySpan<byte> RowOf(Mat picture, int y) => new((void*)picture.Ptr(y), picture.Width * 3);
}
