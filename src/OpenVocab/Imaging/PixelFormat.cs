using OpenCvSharp;

namespace OpenVocab.Imaging;

/// <summary>Brings pictures that callers hand over to what the letterbox takes: blue, green, red, 8 bits each.</summary>
/// <remarks>One per inference slot: it owns the converted pictures. Not safe for two threads at once.</remarks>
internal sealed class PixelFormat : IDisposable
{
    private Mat? _narrow;
    private Mat? _bgr;

    /// <exception cref="ArgumentException">The picture is null or has no pixels.</exception>
    internal static void Check(Mat picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Empty()) { throw new ArgumentException("The picture is empty (0 pixels).", nameof(picture)); }
    }

    /// <summary>The picture itself if it is CV_8UC3, otherwise a converted copy that is valid until the next call.</summary>
    /// <param name="picture">1, 3 or 4 channels of 8 or 16 bits. Alpha is dropped; 16 bits are scaled to 8.</param>
    /// <exception cref="ArgumentException">The picture is empty, or of another kind.</exception>
    internal Mat ToBgr(Mat picture)
    {
        Check(picture);
        MatType type = picture.Type();
        if (type == MatType.CV_8UC3) { return picture; }
        if (picture.Depth() is not (MatType.CV_8U or MatType.CV_16U) || picture.Channels() is not (1 or 3 or 4) || picture.Dims != 2)
        {
            throw new ArgumentException(
                $"The picture is {type}; a detector takes 1 (grey), 3 (blue, green, red) or 4 channels of 8 or 16 bits. Convert it first.", nameof(picture));
        }
        if (picture.Depth() == MatType.CV_16U)
        {
            _narrow ??= NativeCount.Track(new Mat());
            picture.ConvertTo(_narrow, MatType.CV_8U, 1.0 / 257);
            picture = _narrow;
        }
        if (picture.Channels() == 3) { return picture; }
        _bgr ??= NativeCount.Track(new Mat());
        Cv2.CvtColor(picture, _bgr, picture.Channels() == 1 ? ColorConversionCodes.GRAY2BGR : ColorConversionCodes.BGRA2BGR);
        return _bgr;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _narrow, null) is { } narrow) { NativeCount.Release(narrow); }
        if (Interlocked.Exchange(ref _bgr, null) is { } bgr) { NativeCount.Release(bgr); }
    }
}
