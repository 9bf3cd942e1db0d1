using OpenVocab.Imaging;
using OpenVocab.Media;

namespace OpenVocab.Sources;

/// <summary>Finds and opens sources: the one place that knows all kinds. (In the plural, because OpenCvSharp has a FrameSource of its own.)</summary>
public static class FrameSources
{
    private const int MostEntries = 1_000_000;

    private static readonly HashSet<string> s_extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif",
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".flv", ".wmv", ".ogv",
    };

    /// <summary>Expands what a person writes into single sources.</summary>
    /// <param name="text">
    /// A picture or video file; a folder (what lies in it, not below); a pattern with <c>*</c>, <c>?</c>, <c>**</c>; a text file (<c>.txt</c>) with a path
    /// a line, relative to it, <c>#</c> for comments; <c>-</c> for a picture on standard input; a camera's number or <c>/dev/videoN</c>;
    /// the address of a network stream.
    /// </param>
    /// <returns>At least one, in the order of their names. Files are told apart by their content; one that is neither is taken for a
    /// picture, whose opening then says what is wrong with it.</returns>
    /// <exception cref="SourceException">There is nothing of that name.</exception>
    public static IReadOnlyList<SourceReference> Find(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (text == "-") { return [new(SourceKind.Picture, "-")]; }
        if (StreamAddress.Looks(text))
        {
            StreamAddress address = StreamAddress.Parse(text);
            return [new(SourceKind.Stream, address.Display) { Address = address }];
        }
        bool device = text.StartsWith("/dev/video", StringComparison.Ordinal) || text.StartsWith("/dev/v4l/", StringComparison.Ordinal);
        if (File.Exists(text) && !device)
        {
            return Path.GetExtension(text).Equals(".txt", StringComparison.OrdinalIgnoreCase) ? FindInList(text) : [ToReference(text)];
        }
        if (Directory.Exists(text)) { return FindInFolder(text); }
        if (text.All(char.IsAsciiDigit) || device) { return [new(SourceKind.Camera, text)]; }
        return text.AsSpan().ContainsAny('*', '?') ? FindByPattern(text) : throw new SourceException(
            SourceFault.NotFound, $"{text}: there is no such file or folder.", "Check the path.");
    }

    /// <summary>The one source of a live stream.</summary>
    /// <param name="text">A camera's number or path, the address of a network stream, or a video file.</param>
    /// <exception cref="SourceException">There is nothing of that name, it is a picture or no video that is known, or it is more than one file.</exception>
    public static SourceReference FindLive(string text)
    {
        IReadOnlyList<SourceReference> found = Find(text);
        // What is neither a picture nor a video counts as a picture; here a video was wanted, and the file says what it is not.
        if (found is [{ Kind: SourceKind.Picture, Name: not "-" } file] && KindOf(file.Name) is null) { VideoFile.CheckContent(file.Name); }
        return found is [{ Kind: not SourceKind.Picture } one] ? one : throw new SourceException(
            SourceFault.Unsupported, $"{text}: this is no live source, but {(found.Count > 1 ? $"{found.Count} files" : "a picture")}.",
            "Give cameras, addresses of streams, or video files, each as a source of its own; pictures and folders go to openvocab predict.");
    }

    /// <summary>Opens a source.</summary>
    /// <param name="reference">From <see cref="Find"/>.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="SourceException">It cannot be read.</exception>
    public static IFrameSource Open(SourceReference reference, SourceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        options = (options ?? new()).Validated();
        return reference.Kind switch
        {
            SourceKind.Camera => CameraSource.Open(reference.Name, options),
            SourceKind.Stream => OpenStream(reference, options),
            SourceKind.Video => options.Loop ? new LoopingSource(() => OpenVideo(reference, options), options) : OpenVideo(reference, options),
            _ => reference.Name == "-" ? PictureSource.FromStandardInput(options.Limits) : PictureSource.FromFile(reference.Name, options.Limits),
        };
    }

    private static IFrameSource OpenVideo(SourceReference reference, SourceOptions options) =>
        options.UseFfmpeg && Ffmpeg.IsInstalled ? FfmpegVideoSource.Open(reference.Name, options) : OpenCvVideoSource.Open(reference.Name, options);

    private static IFrameSource OpenStream(SourceReference reference, SourceOptions options)
    {
        StreamAddress address = reference.Address ?? StreamAddress.Parse(reference.Name);
        if (Ffmpeg.EncoderPath is null)
        {
            throw new SourceException(SourceFault.NotReadable, $"{address.Display}: network streams are read by ffmpeg, which is not installed.", Ffmpeg.InstallHint);
        }
        return options.Live is { } live
            ? new ReconnectingSource(
                new() { Name = address.Display, Kind = SourceKind.Stream, IsLive = true }, () => FfmpegLiveSource.Open(address, options), live, options.Clock, options.StateChanged)
            : FfmpegLiveSource.Open(address, options);
    }

    // What cannot be told is taken for a picture: opening it will say what is wrong with it.
    private static SourceReference ToReference(string path) => new(KindOf(path) ?? SourceKind.Picture, path);

    private static SourceKind? KindOf(string path)
    {
        byte[] start = new byte[VideoContainer.BytesNeeded];
        try
        {
            using FileStream file = File.OpenRead(path);
            int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            // An AVIF picture begins as an mp4 does: pictures are asked first.
            return ImageHeader.Read(start.AsSpan(0, read)) is not null ? SourceKind.Picture
                : VideoContainer.Recognize(start.AsSpan(0, read)) is not null ? SourceKind.Video : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static SourceReference[] FindInFolder(string folder)
    {
        SourceReference[] found = [.. Sorted(Directory.EnumerateFiles(folder).Where(path => s_extensions.Contains(Path.GetExtension(path))))];
        return found.Length > 0 ? found : throw new SourceException(
            SourceFault.NotFound, $"{folder}: there is no picture and no video in this folder.", "Give a folder with pictures or videos, or a pattern such as folder/**/*.jpg.");
    }

    private static SourceReference[] FindByPattern(string pattern)
    {
        SourceReference[] found = [.. Sorted(PathPattern.Expand(pattern))];
        return found.Length > 0 ? found : throw new SourceException(SourceFault.NotFound, $"{pattern}: no file fits this pattern.", "Check the pattern.");
    }

    private static List<SourceReference> FindInList(string list)
    {
        List<SourceReference> found = [];
        string folder = Path.GetDirectoryName(list) ?? "";
        int number = 0;
        foreach (string line in File.ReadLines(list))
        {
            number++;
            string path = line.Trim();
            if (path.Length == 0 || path.StartsWith('#')) { continue; }
            path = Path.Combine(folder, path);
            if (found.Count == MostEntries) { throw new SourceException(SourceFault.TooLarge, $"{list}: the list has more than {MostEntries} lines.", "Split it."); }
            found.Add(File.Exists(path) ? ToReference(path) : throw new SourceException(
                SourceFault.NotFound, $"{list}, line {number}: there is no file {path}.", "Correct the list; its paths are relative to it."));
        }
        return found.Count > 0 ? found : throw new SourceException(SourceFault.NotFound, $"{list}: the list is empty.", "Give a path a line.");
    }

    private static IEnumerable<SourceReference> Sorted(IEnumerable<string> paths) => paths.Take(MostEntries).Order(StringComparer.Ordinal).Select(ToReference);
}
