using OpenCvSharp;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>
/// Cuts every detection out: <c>crops/class/stem.jpg</c>, with numbers behind it from the second on, and with the frame's number for videos. The cut is 2 % and 10
/// pixels larger than the box, as Ultralytics cuts.
/// </summary>
public sealed class CropSink : FileSink
{
    private const int JpegQuality = 95;

    private readonly string _folder;
    private readonly OutputNames _names = new();
    private SourceInfo? _source;
    private long _frame;
    private bool _any;

    /// <summary>Writes into a folder.</summary>
    /// <param name="folder">The files lie in <c>crops</c> below it.</param>
    public CropSink(string folder) => _folder = Path.Combine(folder, "crops");

    /// <inheritdoc/>
    public override void BeginSource(SourceInfo source) => (_source, _frame) = (source, 0);

    /// <inheritdoc/>
    public override void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(result);
        _frame++;
        string stem = Path.GetFileNameWithoutExtension(_source!.Name);
        string name = _source.Kind == SourceKind.Picture ? stem : Invariant($"{stem}_{_frame}");
        foreach (Detection found in result.Items)
        {
            if (Cut(found.Box, frame.Width, frame.Height) is not { Width: > 0, Height: > 0 } place) { continue; }
            using Mat crop = new(frame.Pixels, place);
            // A stem of its own extension-like end ("photo.v2") must keep it: the name is a stem already.
            string path = _names.Choose(Path.Combine(_folder, OutputNames.SafeName(result.NameOf(found))), name + ".jpg", ".jpg");
            PictureWriter.Write(path, crop, JpegQuality);
            _any = true;
        }
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (_any) { AddFile(_folder); }
    }

    /// <summary>The pixels that are cut out for a box; truncated toward zero and clipped, as the reference does.</summary>
    internal static Rect Cut(Box box, int width, int height)
    {
        float x = (box.X1 + box.X2) / 2, y = (box.Y1 + box.Y2) / 2;
        float halfWidth = (box.Width * 1.02f + 10) / 2, halfHeight = (box.Height * 1.02f + 10) / 2;
        int left = Math.Clamp((int)(x - halfWidth), 0, width), right = Math.Clamp((int)(x + halfWidth), 0, width);
        int top = Math.Clamp((int)(y - halfHeight), 0, height), bottom = Math.Clamp((int)(y + halfHeight), 0, height);
        return new(left, top, right - left, bottom - top);
    }
}
