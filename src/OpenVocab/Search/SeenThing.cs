using System.Numerics.Tensors;

namespace OpenVocab.Search;

/// <summary>A thing at one moment.</summary>
/// <param name="Time">Since the start of the source.</param>
/// <param name="Box">In pixels of the source.</param>
/// <param name="Score">Of the guiding words.</param>
/// <param name="Region">What it is before it meets any word, as halves.</param>
internal readonly record struct SeenView(TimeSpan Time, Box Box, float Score, Half[] Region);

/// <summary>
/// One thing from its first frame to its last: of all the frames a few views are kept, the best of each stretch of time, so that a person who turns around is kept from both sides. Stretches are
/// equally long and double when there are too many, so nothing of a thing needs to be known before.
/// </summary>
/// <param name="track">Number of the track; null where it was seen in one frame only.</param>
/// <param name="mostViews">How many views are kept at most, 1 to 64. With 2 or more at least half as many are, where there are so many frames.</param>
internal sealed class SeenThing(int? track, int mostViews)
{
    private readonly List<SeenView> _views = new(mostViews);
    private int _framesOfStretch = 1;

    internal int? Track => track;

    internal TimeSpan First { get; private set; }

    internal TimeSpan Last { get; private set; }

    /// <summary>In how many frames it was seen.</summary>
    internal int Frames { get; private set; }

    /// <summary>In the order of time.</summary>
    internal IReadOnlyList<SeenView> Views => _views;

    /// <summary>Takes a frame in, later than those before.</summary>
    /// <returns>False where nothing can be kept of it: a number of the region is none, or too large for a half.</returns>
    internal bool Add(TimeSpan time, Box box, float score, ReadOnlySpan<float> region)
    {
        int stretch = Stretch();
        if (stretch < _views.Count && score <= _views[stretch].Score)
        {
            Count(time);
            return true;
        }
        if (ToHalves(region) is not { } halves) { return false; }
        Add(new(time, box, score, halves));
        return true;
    }

    /// <summary>Takes in a frame that was kept before.</summary>
    internal void Add(SeenView view)
    {
        int stretch = Stretch();
        if (stretch == _views.Count) { _views.Add(view); }
        else if (view.Score > _views[stretch].Score) { _views[stretch] = view; }
        Count(view.Time);
    }

    private int Stretch()
    {
        if (Frames / _framesOfStretch == mostViews) { Widen(); }
        return Frames / _framesOfStretch;
    }

    private void Count(TimeSpan time)
    {
        if (Frames == 0) { First = time; }
        Last = time;
        Frames++;
    }

    private void Widen()
    {
        for (int pair = 0; pair < (_views.Count + 1) / 2; pair++)
        {
            SeenView one = _views[2 * pair];
            _views[pair] = 2 * pair + 1 < _views.Count && _views[2 * pair + 1].Score > one.Score ? _views[2 * pair + 1] : one;
        }
        _views.RemoveRange((_views.Count + 1) / 2, _views.Count / 2);
        _framesOfStretch *= 2;
    }

    internal static Half[]? ToHalves(ReadOnlySpan<float> region)
    {
        // NaN compares as false.
        if (!(TensorPrimitives.MaxMagnitude(region) <= (float)Half.MaxValue)) { return null; }
        Half[] halves = new Half[region.Length];
        TensorPrimitives.ConvertToHalf(region, halves);
        return halves;
    }
}
