using OpenCvSharp;
using OpenVocab.Sinks;
using OpenVocab.Sources;
using OpenVocab.Tracking;

namespace OpenVocab.Search;

/// <summary>The end of a live stream's pipeline that remembers what it shows: follows things, as the pipeline does where it tracks, and else by itself, and puts each away while it is there and when it has left.</summary>
internal sealed class StreamMemorySink(StreamMemory memory, TimeProvider clock) : IResultSink
{
    private const int LongestSide = 160, JpegQuality = 80;

    /// <summary>A thing that stays can be found after this time, and is kept up to date.</summary>
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(2);

    /// <summary>Longer than any tracker waits for a thing.</summary>
    private static readonly TimeSpan s_left = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, Following> _followed = [];
    private string _stream = "";
    private double? _frameRate;
    private ByteTracker? _own;

    public void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_stream, _frameRate) = (source.Name, source.FrameRate?.PerSecond);
    }

    public void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(result);
        RegionIndexInfo.Check(memory.Model, result.Regions!);
        DateTimeOffset now = frame.CapturedAt ?? clock.GetUtcNow();
        bool tracked = result.Items.Count > 0 ? result.Items[0].TrackId is not null : _own is null;
        // Numbers of two trackers mean different things.
        if (tracked != (_own is null))
        {
            PutAll();
            _own = tracked ? null : new(new TrackOptions().At(_frameRate));
        }
        if (_own is not null)
        {
            foreach (TrackedDetection found in _own.Update(result.Items, result.Thresholds)) { Follow(found.Detection.TrackId!.Value, result.Items[found.Index], result.Regions![found.Index], frame, now); }
        }
        else
        {
            for (int i = 0; i < result.Items.Count; i++) { Follow(result.Items[i].TrackId!.Value, result.Items[i], result.Regions![i], frame, now); }
        }
        foreach ((int track, Following thing) in _followed)
        {
            bool left = now - thing.Last > s_left;
            if (left || (now - thing.PutAt >= s_refresh && thing.Last > thing.PutAt)) { Put(thing, now); }
            if (left) { _followed.Remove(track); } // removing what is enumerated is allowed
        }
    }

    public void EndSource(SourceReport report)
    {
        PutAll();
        _own = null;
    }

    public void Complete() { }

    public void Dispose() { }

    private void Follow(int track, Detection found, ReadOnlySpan<float> region, Frame frame, DateTimeOffset now)
    {
        _followed.TryGetValue(track, out Following? thing);
        // A clock that is set back makes nothing end before it began.
        if (now < thing?.Last) { now = thing.Last; }
        if (thing is null || found.Score > thing.Score)
        {
            if (SeenThing.ToHalves(region) is not { } halves || Cut(frame.Pixels, found.Box) is not { } picture) { return; }
            thing ??= _followed[track] = new() { First = now, PutAt = now };
            (thing.Score, thing.Best, thing.Box, thing.Region, thing.Picture) = (found.Score, now, found.Box, halves, picture);
        }
        thing.Last = now;
        thing.Frames++;
    }

    private void Put(Following thing, DateTimeOffset now)
    {
        thing.Id = memory.Put(thing.Id, new(_stream, thing.First, thing.Last, thing.Frames, thing.Best, thing.Box, thing.Region, thing.Picture));
        thing.PutAt = now;
    }

    private void PutAll()
    {
        foreach (Following thing in _followed.Values) { Put(thing, thing.Last); }
        _followed.Clear();
    }

    // Null where less than a pixel of the box lies in the picture.
    private static byte[]? Cut(Mat pixels, Box box)
    {
        int x1 = Math.Clamp((int)box.X1, 0, pixels.Width), y1 = Math.Clamp((int)box.Y1, 0, pixels.Height);
        int x2 = Math.Clamp((int)MathF.Ceiling(box.X2), x1, pixels.Width), y2 = Math.Clamp((int)MathF.Ceiling(box.Y2), y1, pixels.Height);
        if (x2 == x1 || y2 == y1) { return null; }
        using Mat part = new(pixels, new Rect(x1, y1, x2 - x1, y2 - y1));
        double scale = Math.Min((double)LongestSide / Math.Max(part.Width, part.Height), 1);
        using Mat small = new();
        Cv2.Resize(part, small, new Size(Math.Max((int)(part.Width * scale), 1), Math.Max((int)(part.Height * scale), 1)), interpolation: InterpolationFlags.Area);
        Cv2.ImEncode(".jpg", small, out byte[] jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, JpegQuality));
        return jpeg;
    }

    private sealed class Following
    {
        internal long? Id;
        internal DateTimeOffset First, Last, Best, PutAt;
        internal int Frames;
        internal float Score;
        internal Box Box;
        internal Half[] Region = [];
        internal byte[] Picture = [];
    }
}
