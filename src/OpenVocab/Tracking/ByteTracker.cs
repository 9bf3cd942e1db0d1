namespace OpenVocab.Tracking;

/// <summary>
/// ByteTrack: gives the same thing the same number from frame to frame. Confident boxes are associated first, weak ones then may keep tracks alive (Zhang et al.,
/// "ByteTrack: Multi-Object Tracking by Associating Every Detection Box", ECCV 2022). Ids, order and bookkeeping are those of Ultralytics' variant.
/// </summary>
/// <remarks>One tracker per video; not safe for two threads at once. Ids begin at 1. A new thing is put out from its second frame on.</remarks>
public sealed class ByteTracker
{
    private const double SecondLimit = 0.5, UnconfirmedLimit = 0.7, DuplicateDistance = 0.15;
    private const double Epsilon = 1e-7;
    private const int MostRemoved = 1000, RemovedKept = 999;

    /// <summary>Weak boxes keep a track alive above this share of a class's threshold: 0.1 to 0.25, as in the reference's defaults.</summary>
    public const float WeakShare = 0.4f;

    private readonly ByteTrackerOptions _options;
    private List<Track> _tracked = [];
    private List<Track> _lost = [];
    private List<int> _removed = [];
    private int _frame;
    private int _lastId;

    /// <summary>Makes a tracker.</summary>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public ByteTracker(ByteTrackerOptions? options = null) => _options = (options ?? new()).Validated();

    /// <summary>Takes the detections of the next frame in; call it for frames without any, too.</summary>
    /// <param name="detections">Boxes in pixels with their scores; not kept.</param>
    /// <returns>What belongs to a confirmed track, in the order of the tracks.</returns>
    public IReadOnlyList<TrackedDetection> Update(IReadOnlyList<Detection> detections) => Update(detections, null);

    /// <summary>The same with a threshold for each class in place of the three of the options: open vocabularies have classes whose scores are all low.</summary>
    /// <param name="detections">Boxes in pixels with their scores; not kept.</param>
    /// <param name="classThresholds">
    /// By class id: confident from this score on, weak above <see cref="WeakShare"/> of it. Null: the thresholds of the options.
    /// </param>
    /// <returns>What belongs to a confirmed track, in the order of the tracks.</returns>
    public IReadOnlyList<TrackedDetection> Update(IReadOnlyList<Detection> detections, IReadOnlyList<float>? classThresholds)
    {
        ArgumentNullException.ThrowIfNull(detections);
        float High(int i) => classThresholds is null ? _options.HighThreshold : classThresholds[detections[i].ClassId];
        float Low(int i) => classThresholds is null ? _options.LowThreshold : WeakShare * classThresholds[detections[i].ClassId];
        float New(int i) => classThresholds is null ? _options.NewTrackThreshold : classThresholds[detections[i].ClassId];
        _frame++;
        // A box without an area has no aspect ratio: nothing could follow it.
        List<int> usable = [.. Enumerable.Range(0, detections.Count).Where(i => detections[i].Box is { Width: > 0 and < float.PositiveInfinity, Height: > 0 and < float.PositiveInfinity })];
        List<int> high = [.. usable.Where(i => detections[i].Score >= High(i))];
        List<int> low = [.. usable.Where(i => detections[i].Score > Low(i) && detections[i].Score < High(i))];
        List<Track> unconfirmed = [.. _tracked.Where(track => !track.Confirmed)];
        List<Track> pool = Join(_tracked.Where(track => track.Confirmed), _lost);
        foreach (Track track in pool) { track.Predict(); }

        List<Track> seen = [], found = [], lost = [], removed = [];
        (List<Track> left, List<int> free) = Associate(pool, high, detections, _options.FuseScore, _options.MatchThreshold, seen, found);
        (List<Track> missed, _) = Associate([.. left.Where(track => track.State == TrackState.Tracked)], low, detections, false, SecondLimit, seen, found);
        foreach (Track track in missed)
        {
            track.State = TrackState.Lost;
            lost.Add(track);
        }
        (List<Track> rejected, free) = Associate(unconfirmed, free, detections, _options.FuseScore, UnconfirmedLimit, seen, found);
        foreach (Track track in rejected)
        {
            track.State = TrackState.Removed;
            removed.Add(track);
        }
        foreach (int i in free.Where(i => detections[i].Score >= New(i)))
        {
            seen.Add(new Track(++_lastId, detections[i], i, _frame, confirmed: _frame == 1));
        }
        foreach (Track track in _lost.Where(track => _frame - track.LastFrame > _options.MostFramesLost))
        {
            track.State = TrackState.Removed;
            removed.Add(track);
        }
        KeepBooks(seen, found, lost, removed);
        return [.. _tracked.Where(track => track.Confirmed).Select(ToOutput)];
    }

    private (List<Track> Tracks, List<int> Boxes) Associate(
        List<Track> tracks, List<int> boxes, IReadOnlyList<Detection> detections, bool fuse, double limit, List<Track> seen, List<Track> found)
    {
        if (tracks.Count == 0 || boxes.Count == 0) { return (tracks, boxes); }
        double[,] costs = new double[tracks.Count, boxes.Count];
        for (int t = 0; t < tracks.Count; t++)
        {
            var estimate = tracks[t].Filter.Box;
            for (int b = 0; b < boxes.Count; b++)
            {
                Detection detection = detections[boxes[b]];
                double overlap = Overlap(estimate, (detection.Box.X1, detection.Box.Y1, detection.Box.X2, detection.Box.Y2));
                costs[t, b] = 1 - (fuse ? overlap * detection.Score : overlap);
            }
        }
        int[] match = LinearAssignment.Solve(costs, limit);
        HashSet<int> taken = [];
        List<Track> left = [];
        for (int t = 0; t < tracks.Count; t++)
        {
            if (match[t] == LinearAssignment.Unmatched)
            {
                left.Add(tracks[t]);
                continue;
            }
            int index = boxes[match[t]];
            taken.Add(index);
            (tracks[t].State == TrackState.Tracked ? seen : found).Add(tracks[t]);
            tracks[t].Update(detections[index], index, _frame);
        }
        return (left, [.. boxes.Where(index => !taken.Contains(index))]);
    }

    // In the order of the reference: what is removed in this frame leaves the lost list only in the next one.
    private void KeepBooks(List<Track> seen, List<Track> found, List<Track> lost, List<Track> removed)
    {
        _tracked = Join(Join(_tracked.Where(track => track.State == TrackState.Tracked), seen), found);
        HashSet<int> tracked = [.. _tracked.Select(track => track.Id)], gone = [.. _removed];
        _lost = [.. _lost.Where(track => !tracked.Contains(track.Id)).Concat(lost).Where(track => !gone.Contains(track.Id))];
        DropDuplicates();
        _removed.AddRange(removed.Select(track => track.Id));
        if (_removed.Count > MostRemoved) { _removed = _removed[^RemovedKept..]; }
    }

    // Two tracks on one thing: the one that was seen for longer stays.
    private void DropDuplicates()
    {
        HashSet<Track> dropped = [];
        foreach (Track tracked in _tracked)
        {
            foreach (Track lost in _lost)
            {
                if (1 - Overlap(tracked.Filter.Box, lost.Filter.Box) >= DuplicateDistance) { continue; }
                dropped.Add(tracked.LastFrame - tracked.StartFrame > lost.LastFrame - lost.StartFrame ? lost : tracked);
            }
        }
        if (dropped.Count == 0) { return; }
        _tracked.RemoveAll(dropped.Contains);
        _lost.RemoveAll(dropped.Contains);
    }

    private static TrackedDetection ToOutput(Track track)
    {
        var box = track.Filter.Box;
        return new(new Detection(track.ClassId, track.Score, new Box((float)box.X1, (float)box.Y1, (float)box.X2, (float)box.Y2), track.Id), track.DetectionIndex);
    }

    private static List<Track> Join(IEnumerable<Track> first, IEnumerable<Track> second)
    {
        List<Track> joined = [.. first];
        HashSet<int> ids = [.. joined.Select(track => track.Id)];
        joined.AddRange(second.Where(track => ids.Add(track.Id)));
        return joined;
    }

    private static double Overlap((double X1, double Y1, double X2, double Y2) a, (double X1, double Y1, double X2, double Y2) b)
    {
        double shared = Math.Max(Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1), 0) * Math.Max(Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1), 0);
        return shared / ((a.X2 - a.X1) * (a.Y2 - a.Y1) + (b.X2 - b.X1) * (b.Y2 - b.Y1) - shared + Epsilon);
    }
}
