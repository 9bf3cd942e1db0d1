using OpenVocab.Search;

namespace OpenVocab.Tests.Search;

public class SeenThingTests
{
    [Theory, InlineData(1, 6), InlineData(5, 6), InlineData(6, 6), InlineData(7, 6), InlineData(1000, 6), InlineData(1000, 5), InlineData(999, 1), InlineData(64, 64), InlineData(129, 64)]
    public void Views_are_few_in_order_and_spread_over_all_frames(int frames, int most)
    {
        SeenThing thing = new(1, most);
        for (int i = 0; i < frames; i++) { Assert.True(thing.Add(TimeSpan.FromSeconds(i), default, 0.5f, [i])); }

        Assert.Equal((frames, TimeSpan.Zero, TimeSpan.FromSeconds(frames - 1)), (thing.Frames, thing.First, thing.Last));
        Assert.InRange(thing.Views.Count, Math.Min(frames, (most + 1) / 2), most);
        double[] times = [.. thing.Views.Select(view => view.Time.TotalSeconds)];
        Assert.Equal(times.Order(), times);
        if (most < 2) { return; }
        double widest = times.Append(frames).Zip(times.Prepend(0), (one, before) => one - before).Max();
        Assert.InRange(widest, 0, 2.0 * frames / (most / 2) + 1);
    }

    [Fact]
    public void Of_each_stretch_the_best_view_is_kept_and_the_best_of_all_is_among_them()
    {
        Random random = new(7);
        float[] scores = [.. Enumerable.Range(0, 500).Select(_ => random.NextSingle())];
        SeenThing thing = new(1, 6);
        for (int i = 0; i < scores.Length; i++) { thing.Add(TimeSpan.FromSeconds(i), default, scores[i], [i]); }

        Assert.Contains(thing.Views, view => view.Score == scores.Max());
        // 500 frames in at most 6 stretches whose length is a power of two: 128 frames each.
        float[] best = [.. scores.Chunk(128).Select(stretch => stretch.Max())];
        Assert.Equal(best, thing.Views.Select(view => view.Score));
        Assert.All(thing.Views, view => Assert.Equal(scores[(int)view.Time.TotalSeconds], view.Score));
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(70_000f)]
    public void What_no_half_can_hold_is_not_kept(float number)
    {
        SeenThing thing = new(1, 6);

        Assert.False(thing.Add(TimeSpan.Zero, default, 0.9f, [1, number]));
        Assert.True(thing.Add(TimeSpan.FromSeconds(1), default, 0.1f, [1, 2]));

        Assert.Equal((1, TimeSpan.FromSeconds(1)), (thing.Frames, Assert.Single(thing.Views).Time));
    }
}
