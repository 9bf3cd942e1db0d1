namespace OpenVocab.Tracking;

/// <summary>What a track is at the moment.</summary>
internal enum TrackState
{
    /// <summary>Seen in its last frame.</summary>
    Tracked,

    /// <summary>Missed, and remembered.</summary>
    Lost,

    /// <summary>Given up.</summary>
    Removed,
}

/// <summary>One thing from frame to frame.</summary>
internal sealed class Track
{
    internal KalmanFilter Filter;

    internal Track(int id, Detection detection, int index, int frame, bool confirmed)
    {
        (Id, StartFrame, Confirmed) = (id, frame, confirmed);
        Filter = new KalmanFilter(detection.Box);
        Take(detection, index, frame);
    }

    internal int Id { get; }

    internal TrackState State { get; set; }

    /// <summary>Seen in two frames, or begun in the very first: only such tracks are put out.</summary>
    internal bool Confirmed { get; private set; }

    internal int StartFrame { get; }

    /// <summary>The last frame with a matched box.</summary>
    internal int LastFrame { get; private set; }

    internal float Score { get; private set; }

    internal int ClassId { get; private set; }

    /// <summary>Index of the matched box among its frame's detections.</summary>
    internal int DetectionIndex { get; private set; }

    internal void Predict()
    {
        // Nobody saw whether it went on growing.
        if (State != TrackState.Tracked) { Filter.Height.Velocity = 0; }
        Filter.Predict();
    }

    /// <summary>Takes a matched box in, whatever the state was.</summary>
    internal void Update(Detection detection, int index, int frame)
    {
        Filter.Update(detection.Box);
        Confirmed = true;
        Take(detection, index, frame);
    }

    private void Take(Detection detection, int index, int frame)
    {
        State = TrackState.Tracked;
        (Score, ClassId, DetectionIndex, LastFrame) = (detection.Score, detection.ClassId, index, frame);
    }
}
