using System.Buffers;
using System.Text.Json;
using OpenCvSharp;
using OpenVocab.Drawing;
using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Server.Streams;

/// <summary>The end of a stream's pipeline: publishes each frame's result, and pictures where somebody looks.</summary>
internal sealed class StreamSink(FrameBroadcast broadcast, TimeProvider clock) : IResultSink
{
    private const int JpegQuality = 80;

    private readonly ArrayBufferWriter<byte> _json = new(4096);
    private readonly Annotator _annotator = new();
    private Mat? _canvas = new();
    private JsonEncodedText _source;
    private Vocabulary? _vocabulary;
    private int _vocabularyVersion;
    private long _number;
    private double _distance;
    private long _lastAt;

    /// <summary>Frames a second, smoothed.</summary>
    internal double FramesPerSecond => _distance > 0 ? 1 / _distance : 0;

    /// <summary>From the arrival of the last frame to its result.</summary>
    internal TimeSpan Latency { get; private set; }

    /// <summary>Size of the last frame.</summary>
    internal (int Width, int Height) Size { get; private set; }

    /// <summary>Where the time of the last frame went.</summary>
    internal StageTimings Timings { get; private set; }

    public void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = JsonEncodedText.Encode(source.Name, FrameJson.Options.Encoder);
        _annotator.Reset();
    }

    public void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(result);
        ObjectDisposedException.ThrowIf(_canvas is null, this);
        Measure(frame, result);
        byte[]? picture = broadcast.Wants(ViewerKind.Pictures) ? Encode(frame.Pixels) : null, annotated = null;
        if (broadcast.Wants(ViewerKind.Annotated))
        {
            frame.Pixels.CopyTo(_canvas);
            _annotator.Draw(_canvas, result);
            annotated = Encode(_canvas);
        }
        broadcast.Publish(new(++_number, Describe(frame, result), picture, annotated));
    }

    public void EndSource(SourceReport report) { }

    public void Complete() { }

    public void Dispose() => Interlocked.Exchange(ref _canvas, null)?.Dispose();

    private void Measure(Frame frame, FrameResult result)
    {
        long now = clock.GetTimestamp();
        if (_lastAt != 0)
        {
            double distance = clock.GetElapsedTime(_lastAt, now).TotalSeconds;
            _distance = _distance == 0 ? distance : 0.9 * _distance + 0.1 * distance;
        }
        _lastAt = now;
        if (frame.CapturedAt is { } at) { Latency = clock.GetUtcNow() - at; }
        (Size, Timings) = ((frame.Width, frame.Height), result.Timings);
        if (!ReferenceEquals(result.Vocabulary, _vocabulary)) { (_vocabulary, _vocabularyVersion) = (result.Vocabulary, _vocabularyVersion + 1); }
    }

    private byte[] Describe(Frame frame, FrameResult result)
    {
        _json.ResetWrittenCount();
        using Utf8JsonWriter json = new(_json, FrameJson.Options);
        json.WriteStartObject();
        json.WriteNumber("framesPerSecond", Math.Round(FramesPerSecond, 2));
        json.WriteNumber("latency", Math.Round(Latency.TotalMilliseconds, 1));
        json.WriteNumber("vocabulary", _vocabularyVersion);
        json.WritePropertyName("result");
        FrameJson.Write(json, _source, frame, result);
        json.WriteEndObject();
        json.Flush();
        return _json.WrittenSpan.ToArray();
    }

    private static byte[] Encode(Mat picture)
    {
        Cv2.ImEncode(".jpg", picture, out byte[] encoded, new ImageEncodingParam(ImwriteFlags.JpegQuality, JpegQuality));
        return encoded;
    }
}
