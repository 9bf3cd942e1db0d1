using OpenVocab.Imaging;

namespace OpenVocab.Sources;

/// <summary>One still picture as a source of one frame.</summary>
internal sealed class PictureSource : IFrameSource
{
    private readonly Func<byte[]> _read;
    private readonly ImageLimits _limits;
    private bool _done;

    private PictureSource(string name, string? path, Func<byte[]> read, ImageLimits limits)
    {
        Info = new() { Name = name, Kind = SourceKind.Picture, Path = path, FrameCount = 1 };
        (_read, _limits) = (read, limits);
    }

    public SourceInfo Info { get; }

    public string? Damage => null;

    internal static PictureSource FromFile(string path, ImageLimits limits) => new(path, path, () => ImageFile.ReadBytes(path, limits), limits);

#pragma warning disable RS0030 // the one place that opens standard input, and only for the source "-"
    internal static PictureSource FromStandardInput(ImageLimits limits) => FromStream(Console.OpenStandardInput(), "stdin", limits);
#pragma warning restore RS0030

    /// <summary>An encoded picture from a stream, read to its end when the frame is asked for.</summary>
    internal static PictureSource FromStream(Stream stream, string name, ImageLimits limits) => new(name, null, () => ReadAll(stream, name, limits), limits);

    public bool TryRead(Frame into, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_done) { return false; }
        _done = true;
        into.Take(ImageFile.Decode(_read(), Info.Name, _limits));
        (into.Index, into.Time) = (0, TimeSpan.Zero);
        return true;
    }

    public void Dispose() { }

    private static byte[] ReadAll(Stream stream, string name, ImageLimits limits)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[81_920];
        for (int read; (read = stream.Read(buffer)) > 0; all.Write(buffer, 0, read))
        {
            if (all.Length > limits.MaxBytes)
            {
                throw new SourceException(SourceFault.TooLarge, $"{name}: there are more than {limits.MaxBytes} bytes; a picture is expected.", "Give a picture.");
            }
        }
        return all.ToArray();
    }
}
