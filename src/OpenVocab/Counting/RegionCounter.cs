using System.Numerics;

namespace OpenVocab.Counting;

/// <summary>Counts the tracked detections of one source at lines and in zones.</summary>
/// <remarks>One counter per source; not safe for two threads at once.</remarks>
public sealed class RegionCounter
{
    /// <summary>A thing that trembles on a line is counted once: it must be this share of its box's height beyond it.</summary>
    private const float Tremble = 0.05f;

    /// <summary>A little longer than a tracker remembers a lost track by default.</summary>
    private static readonly TimeSpan s_forgetAfter = TimeSpan.FromSeconds(2);

    private readonly List<RegionState> _states;

    /// <summary>Makes a counter.</summary>
    /// <param name="regions">Lines and zones, in pixels of the source.</param>
    public RegionCounter(IEnumerable<CountRegion> regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        _states = [.. regions.Select(region => region is CountLine line ? (RegionState)new LineState(line) : new ZoneState((CountZone)region))];
    }

    /// <summary>Takes the next frame in.</summary>
    /// <param name="result">Its detections; those without a track id are not counted.</param>
    /// <param name="time">Time of the frame; does not run backwards.</param>
    /// <returns>The numbers so far, in the order of the regions.</returns>
    public IReadOnlyList<RegionCounts> Update(FrameResult result, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(result);
        RegionCounts[] counts = new RegionCounts[_states.Count];
        for (int i = 0; i < counts.Length; i++)
        {
            foreach (Detection found in result.Detections)
            {
                if (found.TrackId is { } track) { _states[i].See(track, result.NameOf(found), found.Box, time); }
            }
            _states[i].Forget(time - s_forgetAfter);
            counts[i] = _states[i].Describe();
        }
        return counts;
    }

    private abstract class RegionState
    {
        protected List<string> Order { get; } = [];

        internal abstract void See(int track, string className, Box box, TimeSpan time);

        /// <summary>Tracks that were last seen before a time will not come back.</summary>
        internal abstract void Forget(TimeSpan before);

        internal abstract RegionCounts Describe();

        protected static Vector2 Foot(Box box) => new((box.X1 + box.X2) / 2, box.Y2);
    }

    private sealed class LineState(CountLine line) : RegionState
    {
        private readonly Dictionary<int, (Vector2 Clear, TimeSpan Seen)> _tracks = [];
        private readonly Dictionary<string, (int In, int Out)> _counts = new(StringComparer.Ordinal);

        internal override void See(int track, string className, Box box, TimeSpan time)
        {
            Vector2 foot = Foot(box);
            float side = line.SideOf(foot);
            bool known = _tracks.TryGetValue(track, out var last);
            if (Math.Abs(side) < Tremble * box.Height)
            {
                if (known) { _tracks[track] = (last.Clear, time); }
                return;
            }
            // From where it last stood clear of the line to where it stands clear of it now.
            if (known && line.SideOf(last.Clear) > 0 != side > 0 && line.IsCrossedBy(last.Clear, foot))
            {
                if (!_counts.TryGetValue(className, out var counts)) { Order.Add(className); }
                _counts[className] = side > 0 ? (counts.In + 1, counts.Out) : (counts.In, counts.Out + 1);
            }
            _tracks[track] = (foot, time);
        }

        internal override void Forget(TimeSpan before)
        {
            foreach ((int track, var last) in _tracks)
            {
                if (last.Seen < before) { _tracks.Remove(track); }
            }
        }

        internal override RegionCounts Describe() =>
            new(line, [.. Order.Select(name => new ClassCounts(name, _counts[name].In, _counts[name].Out, 0, TimeSpan.Zero, TimeSpan.Zero))]);
    }

    private sealed class ZoneState(CountZone zone) : RegionState
    {
        private sealed class ClassState
        {
            internal int In, Out;
            internal TimeSpan Ended, Longest;
        }

        private readonly Dictionary<int, (string Class, TimeSpan Since, TimeSpan Seen)> _inside = [];
        private readonly Dictionary<string, ClassState> _classes = new(StringComparer.Ordinal);

        internal override void See(int track, string className, Box box, TimeSpan time)
        {
            bool known = _inside.TryGetValue(track, out var visit);
            if (!zone.Contains(Foot(box)))
            {
                if (known) { Leave(track, visit.Class, time - visit.Since); }
                return;
            }
            // A visit keeps the class it began with, so that those inside are always those that came less those that left.
            _inside[track] = known ? visit with { Seen = time } : (className, time, time);
            if (known) { return; }
            if (!_classes.TryGetValue(className, out ClassState? counts))
            {
                Order.Add(className);
                _classes[className] = counts = new();
            }
            counts.In++;
        }

        internal override void Forget(TimeSpan before)
        {
            foreach ((int track, var visit) in _inside)
            {
                if (visit.Seen < before) { Leave(track, visit.Class, visit.Seen - visit.Since); }
            }
        }

        internal override RegionCounts Describe() => new(zone, [.. Order.Select(Describe)]);

        private ClassCounts Describe(string name)
        {
            ClassState counts = _classes[name];
            TimeSpan sum = counts.Ended, longest = counts.Longest;
            foreach ((_, var visit) in _inside)
            {
                if (visit.Class != name) { continue; }
                TimeSpan dwell = visit.Seen - visit.Since;
                sum += dwell;
                if (dwell > longest) { longest = dwell; }
            }
            return new(name, counts.In, counts.Out, counts.In - counts.Out, sum / Math.Max(counts.In, 1), longest);
        }

        private void Leave(int track, string className, TimeSpan dwell)
        {
            _inside.Remove(track);
            ClassState counts = _classes[className];
            counts.Out++;
            counts.Ended += dwell;
            if (dwell > counts.Longest) { counts.Longest = dwell; }
        }
    }
}
