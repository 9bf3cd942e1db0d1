using System.Text;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>A line per detection, comma-separated (RFC 4180): source, frame, time (s), class, classId, score, x1, y1, x2, y2 (pixels), trackId.</summary>
public sealed class CsvSink : FileSink
{
    private const string Header = "source,frame,time,class,classId,score,x1,y1,x2,y2,trackId\r\n";

    private readonly string _path;
    private readonly StringBuilder _lines = new();
    private AtomicFile? _file;
    private string _source = "";

    /// <summary>Writes a file; it is in place when the run is complete.</summary>
    /// <param name="path">Usually ends in .csv.</param>
    public CsvSink(string path) => _path = path;

    /// <inheritdoc/>
    public override void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = Quote(source.Name);
        Open();
    }

    /// <inheritdoc/>
    public override void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(result);
        _lines.Clear();
        foreach (Detection found in result.Items)
        {
            Box box = found.Box;
            _lines.Append(Invariant($"{_source},{frame.Index},{frame.Time.TotalSeconds:0.######},{Quote(result.NameOf(found))},{found.ClassId},{found.Score:0.#####},"))
                .Append(Invariant($"{box.X1:0.##},{box.Y1:0.##},{box.X2:0.##},{box.Y2:0.##},{found.TrackId}\r\n"));
        }
        Open().Write(Encoding.UTF8.GetBytes(_lines.ToString()));
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        Open().Commit();
        AddFile(_path);
    }

    private protected override void Discard() => _file?.Dispose();

    private AtomicFile Open()
    {
        if (_file is not null) { return _file; }
        _file = new AtomicFile(_path);
        _file.Write(Encoding.UTF8.GetBytes(Header));
        return _file;
    }

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
