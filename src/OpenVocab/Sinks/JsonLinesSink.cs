using System.Buffers;
using System.Text.Json;
using OpenVocab.Counting;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>
/// A JSON object a line and frame: source, frame, time (s), at (when it was captured, of cameras and streams), size, detections (class, classId, score, box x1 y1 x2 y2 in pixels, trackId where something
/// tracks), counts where lines and zones count (in, out; of zones inside, and dwell in s) and timings (ms).
/// </summary>
public sealed class JsonLinesSink : FileSink
{
    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly string? _path;
    private readonly Stream? _stream;
    private AtomicFile? _file;
    private JsonEncodedText _source;

    /// <summary>Writes a file; it is in place when the run is complete.</summary>
    /// <param name="path">Usually ends in .jsonl.</param>
    public JsonLinesSink(string path) : this() => _path = path;

    /// <summary>Writes to a stream, flushed after every line.</summary>
    /// <param name="stream">Not disposed.</param>
    public JsonLinesSink(Stream stream) : this() => _stream = stream;

    private JsonLinesSink() => _json = new(_line, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <inheritdoc/>
    public override void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = JsonEncodedText.Encode(source.Name, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        if (_path is not null) { _file ??= new AtomicFile(_path); }
    }

    /// <inheritdoc/>
    public override void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(result);
        _line.ResetWrittenCount();
        _json.Reset();
        WriteFrame(frame, result);
        _json.Flush();
        _line.Write("\n"u8);
        if (_file is not null)
        {
            _file.Write(_line.WrittenSpan);
            return;
        }
        try
        {
            _stream!.Write(_line.WrittenSpan);
            _stream.Flush();
        }
        catch (Exception fault) when (SinkErrors.IsExpected(fault))
        {
            throw new SinkException($"The JSON lines cannot be written: {fault.Message}", "Check whoever reads them: a closed pipe or a full disk ends the run.", fault);
        }
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        if (_path is null) { return; }
        // No frame at all is an empty file, not a missing one.
        _file ??= new AtomicFile(_path);
        _file.Commit();
        AddFile(_path);
    }

    private protected override void Discard()
    {
        _json.Dispose();
        _file?.Dispose();
    }

    private void WriteFrame(Frame frame, FrameResult result)
    {
        _json.WriteStartObject();
        _json.WriteString("source", _source);
        _json.WriteNumber("frame", frame.Index);
        _json.WriteNumber("time", Math.Round(frame.Time.TotalSeconds, 6));
        if (frame.CapturedAt is { } at) { _json.WriteString("at", at.UtcDateTime); }
        _json.WriteNumber("width", result.Width);
        _json.WriteNumber("height", result.Height);
        _json.WriteStartArray("detections");
        foreach (Detection found in result.Items)
        {
            _json.WriteStartObject();
            _json.WriteString("class", result.NameOf(found));
            _json.WriteNumber("classId", found.ClassId);
            _json.WriteNumber("score", Round(found.Score, 5));
            _json.WriteStartArray("box");
            _json.WriteNumberValue(Round(found.Box.X1, 2));
            _json.WriteNumberValue(Round(found.Box.Y1, 2));
            _json.WriteNumberValue(Round(found.Box.X2, 2));
            _json.WriteNumberValue(Round(found.Box.Y2, 2));
            _json.WriteEndArray();
            if (found.TrackId is { } track) { _json.WriteNumber("trackId", track); }
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        if (result.Counts.Count > 0) { WriteCounts(result.Counts); }
        _json.WriteStartObject("timings");
        _json.WriteNumber("preprocess", Math.Round(result.Timings.Preprocess.TotalMilliseconds, 3));
        _json.WriteNumber("inference", Math.Round(result.Timings.Inference.TotalMilliseconds, 3));
        _json.WriteNumber("postprocess", Math.Round(result.Timings.Postprocess.TotalMilliseconds, 3));
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteCounts(IReadOnlyList<RegionCounts> counts)
    {
        _json.WriteStartArray("counts");
        foreach (RegionCounts region in counts)
        {
            bool zone = region.Region is CountZone;
            _json.WriteStartObject();
            _json.WriteString("name", region.Region.Name);
            _json.WriteString("kind", zone ? "zone" : "line");
            _json.WriteStartObject("classes");
            foreach (ClassCounts found in region.Classes)
            {
                _json.WriteStartObject(found.Class);
                _json.WriteNumber("in", found.In);
                _json.WriteNumber("out", found.Out);
                if (zone)
                {
                    _json.WriteNumber("inside", found.Inside);
                    _json.WriteNumber("meanDwell", Math.Round(found.MeanDwell.TotalSeconds, 3));
                    _json.WriteNumber("longestDwell", Math.Round(found.LongestDwell.TotalSeconds, 3));
                }
                _json.WriteEndObject();
            }
            _json.WriteEndObject();
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    // By decimal: 0.87 as a double of a rounded float would print sixteen digits.
    private static decimal Round(float value, int digits) => Math.Round((decimal)value, digits);
}
