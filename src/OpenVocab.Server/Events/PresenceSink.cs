using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Server.Events;

/// <summary>Watches one stream and tells when a class appears in it and when it has left.</summary>
/// <param name="source">What events call the stream.</param>
/// <param name="options">When a class is there.</param>
/// <param name="tell">Gets the events, on the pipeline's thread: it must not block.</param>
public sealed class PresenceSink(string source, PresenceOptions options, Action<PresenceEvent> tell) : IResultSink
{
    private readonly PresenceOptions _options = options.Validated();
    private readonly Dictionary<string, Presence> _classes = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void BeginSource(SourceInfo source) { }

    /// <inheritdoc/>
    public void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(result);
        DateTimeOffset now = frame.CapturedAt ?? DateTimeOffset.UnixEpoch + frame.Time;
        // First who left: after a camera was away for long, what is there now has appeared anew.
        foreach ((string name, Presence presence) in _classes)
        {
            if (now - presence.Last > _options.LeaveAfter) { Leave(name, presence); }
        }
        foreach (IGrouping<int, Detection> found in result.Detections.GroupBy(detection => detection.ClassId))
        {
            string name = result.Vocabulary.Classes[found.Key].Name;
            if (!_classes.TryGetValue(name, out Presence? presence)) { _classes[name] = presence = new() { First = now }; }
            (presence.Last, presence.Count, presence.Score) = (now, found.Count(), found.Max(detection => detection.Score));
            if (++presence.Frames == _options.Frames) { tell(new(source, name, "appeared", presence.First, presence.Count, presence.Score, null)); }
        }
    }

    /// <inheritdoc/>
    public void EndSource(SourceReport report)
    {
        foreach ((string name, Presence presence) in _classes) { Leave(name, presence); }
    }

    /// <inheritdoc/>
    public void Complete() { }

    /// <inheritdoc/>
    public void Dispose() { }

    private void Leave(string name, Presence presence)
    {
        _classes.Remove(name);
        // What never appeared does not leave.
        if (presence.Frames < _options.Frames) { return; }
        tell(new(source, name, "left", presence.Last, presence.Count, presence.Score, Math.Round((presence.Last - presence.First).TotalSeconds, 3)));
    }

    private sealed class Presence
    {
        internal DateTimeOffset First, Last;
        internal int Frames, Count;
        internal float Score;
    }
}
