using OpenCvSharp;
using OpenVocab.Drawing;
using OpenVocab.Imaging;
using OpenVocab.Sinks;

namespace OpenVocab;

public sealed partial class FrameResult
{
    /// <summary>The encoded picture of a result that was made from a file: the pixels themselves would have to be disposed by somebody.</summary>
    internal byte[]? Picture { get; set; }

    /// <summary>Its path.</summary>
    internal string? PictureName { get; set; }

    /// <summary>Draws the detections into the picture that was given to <see cref="Detector.Detect(string)"/>.</summary>
    /// <exception cref="InvalidOperationException">The result was made from a Mat: use <see cref="Draw(Mat)"/>.</exception>
    public AnnotatedPicture Draw()
    {
        if (Picture is null) { throw new InvalidOperationException("This result does not know its picture: it was not made from a file. Use Draw(picture)."); }
        using Mat picture = ImageFile.Decode(Picture, PictureName!, ImageLimits.None);
        return Draw(picture);
    }

    /// <summary>Draws the detections into a copy of a picture.</summary>
    /// <param name="picture">CV_8UC3, the one that was looked at. Not changed.</param>
    public AnnotatedPicture Draw(Mat picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        using Mat copy = picture.Clone();
        new Annotator().Draw(copy, this);
        return new AnnotatedPicture(copy);
    }

    /// <summary>Draws the detections and shows them in a window until a key is pressed.</summary>
    /// <exception cref="InvalidOperationException">The result was made from a Mat: use <c>Draw(picture).Show()</c>.</exception>
    /// <exception cref="SinkException">There is no display.</exception>
    public void Show() => Draw().Show(PictureName!);
}
