using System.Buffers;
using System.Text.Json;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>
/// A JSON object a line and frame: source, frame, time (s), at (when it was captured, of cameras and streams), size, detections (class, classId, score, box x1 y1 x2 y2 in pixels, trackId where something
/// tracks, verification where CLIP verifies), counts where lines and zones count (in, out; of zones inside, and dwell in s) and timings (ms).
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

    /// <summary>Writes to a stream, flushed after every line, which is one call of its Write.</summary>
    /// <param name="stream">Not disposed. Several sinks may share one that is safe for several threads (<see cref="Stream.Synchronized"/>).</param>
    public JsonLinesSink(Stream stream) : this() => _stream = stream;

    private JsonLinesSink() => _json = new(_line, FrameJson.Options);

    /// <inheritdoc/>
    public override void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = JsonEncodedText.Encode(source.Name, FrameJson.Options.Encoder);
        if (_path is not null) { _file ??= new AtomicFile(_path); }
    }

    /// <inheritdoc/>
    public override void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(result);
        _line.ResetWrittenCount();
        _json.Reset();
        FrameJson.Write(_json, _source, frame, result);
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
}
