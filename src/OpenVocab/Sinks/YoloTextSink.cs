using System.Text;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>
/// YOLO labels: <c>labels/stem.txt</c> per picture, <c>labels/stem_frame.txt</c> per frame of a video (counted from 1), a line per detection: class, centre x,
/// centre y, width, height as fractions of the picture, the score if wanted, the track where something tracks. Numbers are written as C's <c>%g</c> does. No
/// detections, no file.
/// </summary>
public sealed class YoloTextSink : FileSink
{
    private readonly string _folder;
    private readonly bool _scores;
    private readonly OutputNames _names = new();
    private readonly StringBuilder _text = new();
    private SourceInfo? _source;
    private string _stem = "";
    private long _frame;
    private bool _any;

    /// <summary>Writes into a folder.</summary>
    /// <param name="folder">The files lie in <c>labels</c> below it.</param>
    /// <param name="scores">Whether each line has the score behind its box.</param>
    public YoloTextSink(string folder, bool scores = false) => (_folder, _scores) = (Path.Combine(folder, "labels"), scores);

    /// <inheritdoc/>
    public override void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_source, _frame) = (source, 0);
        _stem = Path.ChangeExtension(_names.Choose(_folder, source.Name, ".txt"), null);
    }

    /// <inheritdoc/>
    public override void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _frame++;
        if (result.Items.Count == 0) { return; }
        _text.Clear();
        foreach (Detection found in result.Items) { AppendLine(found, result.Width, result.Height); }
        AtomicFile.Write(
            _source!.Kind == SourceKind.Picture ? _stem + ".txt" : Invariant($"{_stem}_{_frame}.txt"), Encoding.UTF8.GetBytes(_text.ToString()));
        _any = true;
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (_any) { AddFile(_folder); }
    }

    private void AppendLine(Detection found, int width, int height)
    {
        Box box = found.Box;
        _text.Append(Invariant($"{found.ClassId}"));
        // The reference computes these in float32.
        foreach (float number in (ReadOnlySpan<float>)
            [(box.X1 + box.X2) / 2 / width, (box.Y1 + box.Y2) / 2 / height, box.Width / width, box.Height / height])
        {
            _text.Append(' ').Append(GeneralFormat.Write(number));
        }
        if (_scores) { _text.Append(' ').Append(GeneralFormat.Write(found.Score)); }
        if (found.TrackId is { } track) { _text.Append(Invariant($" {track}")); }
        _text.Append('\n');
    }
}
