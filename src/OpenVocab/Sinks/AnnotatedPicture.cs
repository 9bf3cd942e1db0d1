using System.Runtime.InteropServices;
using OpenCvSharp;

namespace OpenVocab.Sinks;

/// <summary>A picture with its result drawn in. Holds managed memory only: nobody has to dispose it.</summary>
public sealed class AnnotatedPicture
{
    private readonly byte[] _pixels;

    /// <summary>Copies the pixels of a picture without gaps between its rows.</summary>
    internal AnnotatedPicture(Mat picture)
    {
        (Width, Height) = (picture.Width, picture.Height);
        _pixels = new byte[Width * Height * 3];
        Marshal.Copy(picture.Data, _pixels, 0, _pixels.Length);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Blue, green, red, 8 bits each, row after row without gaps.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>Writes the picture beside its target and renames it when it is whole.</summary>
    /// <param name="path">Ends in .jpg, .jpeg, .png, .webp, .bmp, .tif or .tiff.</param>
    /// <exception cref="SinkException">The extension is another, or the file cannot be written.</exception>
    public void Save(string path) => WithMat(picture => PictureWriter.Write(path, picture));

    /// <summary>Shows the picture in a window until a key is pressed or the window is closed.</summary>
    /// <param name="title">Title of the window.</param>
    /// <exception cref="SinkException">There is no display.</exception>
    public void Show(string title = "OpenVocab") => WithMat(picture =>
    {
        using ManualResetEventSlim closed = new();
        using PictureWindow window = new(title, new WindowControls(closed.Set) { AnyKeyStops = true });
        window.Show(picture);
        closed.Wait();
    });

    private unsafe void WithMat(Action<Mat> use)
    {
        fixed (byte* pixels = _pixels)
        {
            using Mat picture = Mat.FromPixelData(Height, Width, MatType.CV_8UC3, (nint)pixels);
            use(picture);
        }
    }
}
