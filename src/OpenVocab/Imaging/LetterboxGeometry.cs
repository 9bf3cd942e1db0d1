namespace OpenVocab.Imaging;

/// <summary>
/// Where a picture lies inside the network's input: scaled by one factor for both sides, centred, the rest is border. The rules, to
/// the pixel, are those of Ultralytics' <c>LetterBox</c>; every rounding is to the nearest integer, halves to even.
/// </summary>
/// <param name="SourceWidth">Width of the picture in pixels.</param>
/// <param name="SourceHeight">Height of the picture in pixels.</param>
/// <param name="Width">Width of the network's input.</param>
/// <param name="Height">Height of the network's input.</param>
/// <param name="ContentWidth">Width of the scaled picture.</param>
/// <param name="ContentHeight">Height of the scaled picture.</param>
/// <param name="Left">Border to the left of the scaled picture.</param>
/// <param name="Top">Border above the scaled picture.</param>
/// <param name="Gain">Input pixels per source pixel, for the way back.</param>
internal readonly record struct LetterboxGeometry(
    int SourceWidth, int SourceHeight, int Width, int Height, int ContentWidth, int ContentHeight, int Left, int Top, float Gain)
{
    /// <summary>Places a picture of the given size.</summary>
    /// <param name="sourceWidth">At least 1.</param>
    /// <param name="sourceHeight">At least 1.</param>
    /// <param name="targetWidth">Width that the input may have.</param>
    /// <param name="targetHeight">Height that the input may have.</param>
    /// <param name="minimalRectangle">
    /// True: border only up to the next multiple of <paramref name="stride"/>, so the input may come out smaller than the target.
    /// </param>
    /// <param name="stride">The network's largest stride, 32.</param>
    /// <param name="enlarge">False: small pictures keep their size, as in the reference's validation.</param>
    /// <param name="centred">False: the picture lies in the upper left corner.</param>
    internal static LetterboxGeometry Fit(
        int sourceWidth, int sourceHeight, int targetWidth, int targetHeight, bool minimalRectangle, int stride, bool enlarge = true, bool centred = true)
    {
        double scale = Math.Min((double)targetHeight / sourceHeight, (double)targetWidth / sourceWidth);
        if (!enlarge) { scale = Math.Min(scale, 1.0); }
        // The reference fails where a side rounds to zero (1000 × 1 at 320 and the like); one row of pixels is what is meant.
        int contentWidth = Math.Max(Round(sourceWidth * scale), 1);
        int contentHeight = Math.Max(Round(sourceHeight * scale), 1);
        double horizontal = targetWidth - contentWidth;
        double vertical = targetHeight - contentHeight;
        if (minimalRectangle)
        {
            horizontal %= stride;
            vertical %= stride;
        }
        if (centred)
        {
            horizontal /= 2;
            vertical /= 2;
        }
        // A tenth of a pixel decides on which side an odd pixel of border goes: to the right and below.
        int left = centred ? Round(horizontal - 0.1) : 0, right = Round(horizontal + 0.1);
        int top = centred ? Round(vertical - 0.1) : 0, bottom = Round(vertical + 0.1);
        int width = contentWidth + left + right;
        int height = contentHeight + top + bottom;
        double gain = Math.Min((double)height / sourceHeight, (double)width / sourceWidth);
        return new(sourceWidth, sourceHeight, width, height, contentWidth, contentHeight, left, top, (float)gain);
    }

    /// <summary>Maps a box from input pixels to source pixels and clips it to the picture.</summary>
    /// <remarks>
    /// Uses the border that was really drawn. Ultralytics up to 8.3 computes it anew and is one pixel off for some sizes; later
    /// versions agree with this.
    /// </remarks>
    internal Box ToSource(float x1, float y1, float x2, float y2) => new(
        Math.Clamp((x1 - Left) / Gain, 0f, SourceWidth),
        Math.Clamp((y1 - Top) / Gain, 0f, SourceHeight),
        Math.Clamp((x2 - Left) / Gain, 0f, SourceWidth),
        Math.Clamp((y2 - Top) / Gain, 0f, SourceHeight));

    private static int Round(double value) => (int)Math.Round(value, MidpointRounding.ToEven);
}
