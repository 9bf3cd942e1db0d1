using OpenCvSharp;
using OpenVocab.Cli.Terminal;
using OpenVocab.Imaging;
using OpenVocab.Search;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Searching;

/// <summary>The frame in which a thing fits best, read from its source.</summary>
internal static class AnswerPicture
{
    /// <summary>A small picture shows so many times the box: what is around tells where it is.</summary>
    private const float Context = 2.5f;

    /// <summary>Smaller parts of a frame would be blown up.</summary>
    private const int LeastSide = 160;

    private static readonly Scalar s_color = new(0, 200, 255);

    /// <summary>As a sheet or a page shows it: the box and what is around it.</summary>
    internal static ShownPicture Show(int rank, VideoAnswer answer, ImageLimits limits)
    {
        string time = answer.Kind == SourceKind.Picture ? "" : "   " + ClockText.Of(answer.BestTime);
        return new(Invariant($"{rank}   {answer.Score:0.00}   {answer.Words}{time}"), Path.GetFileName(answer.Path), answer.Path, size => Small(answer, size, limits));
    }

    /// <summary>The whole frame with its box. The caller disposes it.</summary>
    /// <returns>Null where the source is gone, has changed or cannot be read.</returns>
    internal static Mat? Read(VideoAnswer answer, ImageLimits limits)
    {
        if (answer.SourceProblem is not null) { return null; }
        try
        {
            Mat frame = answer.Kind == SourceKind.Picture ? ImageFile.Read(answer.Path, limits) : VideoMoment.Read(answer.Path, answer.BestTime, limits);
            int line = Math.Max(2, (frame.Width + frame.Height) / 600);
            Cv2.Rectangle(frame, new Rect((int)answer.Box.X1, (int)answer.Box.Y1, (int)Math.Ceiling(answer.Box.Width), (int)Math.Ceiling(answer.Box.Height)), s_color, line, LineTypes.AntiAlias);
            return frame;
        }
        catch (SourceException) { return null; }
    }

    private static Mat? Small(VideoAnswer answer, Size size, ImageLimits limits)
    {
        using Mat? frame = Read(answer, limits);
        if (frame is null) { return null; }
        using Mat part = frame.SubMat(Around(answer.Box, frame.Size(), (double)size.Width / size.Height));
        return Thumbnail.Shrink(part, size);
    }

    // Of the shape of the small picture as far as the frame allows it.
    private static Rect Around(Box box, Size frame, double aspect)
    {
        double height = Math.Max(Math.Max(box.Height, box.Width / aspect) * Context, LeastSide);
        double width = Math.Min(height * aspect, frame.Width);
        height = Math.Min(height, frame.Height);
        double left = Math.Clamp((box.X1 + box.X2 - width) / 2, 0, frame.Width - width), top = Math.Clamp((box.Y1 + box.Y2 - height) / 2, 0, frame.Height - height);
        return new Rect((int)left, (int)top, Math.Max(1, (int)width), Math.Max(1, (int)height));
    }
}
