using OpenCvSharp;

namespace OpenVocab;

/// <summary>
/// Pixels of one picture or video frame, with where and when they come from. Owns its <see cref="Mat"/>: whoever made the frame
/// disposes it, or gives it back to the pool it came from. Not safe for use by two threads at once.
/// </summary>
public sealed class Frame : IDisposable
{
    private Mat? _pixels = NativeCount.Track(new Mat());

    /// <summary>Blue, green, red, 8 bits each (CV_8UC3). Borrowed: do not dispose it, do not keep it beyond the frame.</summary>
    /// <exception cref="ObjectDisposedException">The frame has been disposed.</exception>
    public Mat Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pixels is null, this);
            return _pixels;
        }
    }

    /// <summary>Width in pixels; 0 before the first frame was read into it.</summary>
    public int Width => Pixels.Width;

    /// <summary>Height in pixels; 0 before the first frame was read into it.</summary>
    public int Height => Pixels.Height;

    /// <summary>Number of the frame in its source, from 0. With a stride it is the number in the file, so numbers are left out.</summary>
    public long Index { get; set; }

    /// <summary>Time since the start of the source; zero for a picture.</summary>
    public TimeSpan Time { get; set; }

    /// <summary>When it arrived here, for cameras and streams; null for files.</summary>
    public DateTimeOffset? CapturedAt { get; set; }

    /// <summary>Replaces the pixels; the frame owns <paramref name="pixels"/> from now on, what it held before is disposed.</summary>
    /// <param name="pixels">CV_8UC3.</param>
    public void Take(Mat pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Type() != MatType.CV_8UC3)
        {
            throw new ArgumentException($"The pixels are {pixels.Type()}; a frame holds CV_8UC3 (blue, green, red).", nameof(pixels));
        }
        Pixels.Dispose();
        _pixels = pixels;
    }

    /// <summary>Frees the pixels. Safe to call twice.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
        {
            NativeCount.Release(pixels);
        }
    }
}
