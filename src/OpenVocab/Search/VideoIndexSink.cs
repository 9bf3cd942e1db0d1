using OpenVocab.Sinks;
using OpenVocab.Sources;
using OpenVocab.Tracking;

namespace OpenVocab.Search;

/// <summary>The end of a pipeline that writes an index: follows things through a source, and puts each away, with a few views, when it has not been seen for a while.</summary>
internal sealed class VideoIndexSink(VideoStore store, VideoIndexOptions options, string precision, Func<string, (SourceStamp Stamp, string Settings)> stampOf) : IResultSink
{
    /// <summary>A commit waits for the disk: pictures are put there together.</summary>
    private const int SourcesAtOnce = 64;

    /// <summary>A thing that a track was begun with in the frame before was seen there: at least about here.</summary>
    private const float LeastOverlap = 0.3f;

    private readonly Dictionary<int, (SeenThing Thing, int LastFrame)> _tracked = [];
    private List<(Box Box, SeenThing Thing)> _loose = [];
    private SourceInfo? _open;
    private long _source;
    private ByteTracker? _tracker;
    private int _framesLost, _frame, _waiting;
    private TimeSpan _last;

    internal long Things { get; private set; }

    internal long Views { get; private set; }

    /// <summary>Detections without a region that can be kept.</summary>
    internal long NonFinite { get; private set; }

    internal TimeSpan VideoTime { get; private set; }

    public void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        string path = Path.GetFullPath(source.Path ?? source.Name);
        (SourceStamp stamp, string settings) = stampOf(path);
        _source = store.Begin(new(path, source.Kind, stamp, settings, precision, source.Width, source.Height));
        (_open, _frame, _last) = (source, 0, TimeSpan.Zero);
        ByteTrackerOptions tracking = new TrackOptions().At(source.FrameRate?.PerSecond);
        _framesLost = tracking.MostFramesLost;
        _tracker = source.Kind == SourceKind.Picture ? null : new(tracking);
    }

    public void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(result);
        RegionVectors regions = result.Regions!;
        RegionIndexInfo.Check(store.Model, regions);
        _last = frame.Time;
        HashSet<int> claimed = [];
        List<(Box Box, SeenThing Thing)> before = _loose;
        _loose = [];
        foreach (TrackedDetection tracked in _tracker?.Update(result.Items, result.Thresholds) ?? [])
        {
            // The tracker's own estimate is smoother; what was found is what predict reports.
            Detection found = result.Items[tracked.Index];
            claimed.Add(tracked.Index);
            SeenThing thing = Follow(tracked.Detection.TrackId!.Value, found.Box, before);
            if (!thing.Add(frame.Time, found.Box, found.Score, regions[tracked.Index])) { NonFinite++; }
        }
        for (int i = 0; i < result.Items.Count; i++)
        {
            if (claimed.Contains(i)) { continue; }
            SeenThing thing = new(null, 1);
            if (thing.Add(frame.Time, result.Items[i].Box, result.Items[i].Score, regions[i])) { _loose.Add((result.Items[i].Box, thing)); }
            else { NonFinite++; }
        }
        foreach ((_, SeenThing thing) in before) { Put(thing); }
        foreach ((int id, (SeenThing thing, int last)) in _tracked)
        {
            // Removing what is enumerated is allowed.
            if (_frame - last > _framesLost && _tracked.Remove(id)) { Put(thing); }
        }
        _frame++;
    }

    public void EndSource(SourceReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        bool whole = !report.Interrupted;
        if (whole)
        {
            foreach ((SeenThing thing, _) in _tracked.Values) { Put(thing); }
            foreach ((_, SeenThing thing) in _loose) { Put(thing); }
            store.End(_source, report.Frames, _last, report.Damage);
        }
        else { store.DropSource(); }
        _tracked.Clear();
        _loose.Clear();
        VideoTime += _last;
        if (_open!.Kind == SourceKind.Picture && ++_waiting < SourcesAtOnce) { return; }
        store.Commit();
        _waiting = 0;
    }

    public void Complete()
    {
    }

    public void Dispose()
    {
    }

    private SeenThing Follow(int id, Box box, List<(Box Box, SeenThing Thing)> before)
    {
        if (!_tracked.TryGetValue(id, out var known))
        {
            known.Thing = new(id, options.Views);
            // A tracker puts a thing out from its second frame on: the first is among what nobody claimed then.
            int first = before.Count == 0 ? -1 : Enumerable.Range(0, before.Count).MaxBy(i => before[i].Box.Overlap(box));
            if (first >= 0 && before[first].Box.Overlap(box) >= LeastOverlap)
            {
                known.Thing.Add(before[first].Thing.Views[0]);
                before.RemoveAt(first);
            }
        }
        _tracked[id] = (known.Thing, _frame);
        return known.Thing;
    }

    private void Put(SeenThing thing)
    {
        if (thing.Frames == 0) { return; }
        store.Add(_source, thing);
        Things++;
        Views += thing.Views.Count;
    }
}
