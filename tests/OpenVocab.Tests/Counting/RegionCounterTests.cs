using System.Numerics;
using OpenVocab.Counting;
using OpenVocab.Prompts;

namespace OpenVocab.Tests.Counting;

public class RegionCounterTests
{
    private static readonly Vocabulary s_vocabulary = TestResults.VocabularyOf("person", "dog");
    private static readonly CountLine s_line = new("gate", new Vector2(0, 100), new Vector2(200, 100));
    private static readonly CountZone s_zone = new("yard", [new(50, 50), new(150, 50), new(150, 150), new(50, 150)]);

    [Fact]
    public void A_line_counts_each_way_by_class()
    {
        RegionCounter counter = new([s_line]);
        Walk(counter, track: 1, classId: 0, (100, 40), (100, 80), (100, 120), (100, 160));
        Walk(counter, track: 2, classId: 1, (50, 160), (50, 120), (50, 80));
        RegionCounts counts = Walk(counter, track: 3, classId: 0, (20, 40), (20, 120), (20, 40));

        Assert.Equal([("person", 2, 1), ("dog", 0, 1)], counts.Classes.Select(found => (found.Class, found.In, found.Out)));
        Assert.Equal((2, 2, 0), (counts.In, counts.Out, counts.Inside));
    }

    [Fact]
    public void Passing_beside_the_line_and_trembling_on_it_count_nothing()
    {
        RegionCounter counter = new([s_line]);
        Walk(counter, track: 1, classId: 0, (300, 40), (300, 160));
        // Its box is 40 high: less than 2 pixels beyond the line is trembling.
        RegionCounts counts = Walk(counter, track: 2, classId: 0, (100, 90), (100, 101), (100, 99), (100, 101.5f), (100, 99));

        Assert.Empty(counts.Classes);
    }

    [Fact]
    public void The_direction_of_a_line_is_the_way_it_was_drawn()
    {
        RegionCounter counter = new([new CountLine("back", s_line.End, s_line.Start)]);
        RegionCounts counts = Walk(counter, 1, 0, (100, 40), (100, 160));
        Assert.Equal((0, 1), (counts.In, counts.Out));
    }

    [Fact]
    public void A_track_that_was_lost_on_its_way_is_counted_when_it_comes_back()
    {
        RegionCounter counter = new([s_line]);
        counter.Update(At(1, 0, 100, 80), TimeSpan.FromSeconds(0));
        counter.Update(TestResults.Result(s_vocabulary, 400, 400), TimeSpan.FromSeconds(1));
        Assert.Equal(1, counter.Update(At(1, 0, 100, 130), TimeSpan.FromSeconds(1.5))[0].In);
    }

    [Fact]
    public void A_zone_counts_who_comes_and_leaves_and_how_long_they_stay()
    {
        RegionCounter counter = new([s_zone]);
        RegionCounts inside = Walk(counter, track: 1, classId: 0, (10, 100), (60, 100), (100, 100));
        Assert.Equal((1, 0, 1), (inside.In, inside.Out, inside.Inside));

        counter.Update(At(1, 0, 100, 100), TimeSpan.FromSeconds(4));
        counter.Update(At(1, 1, 140, 100), TimeSpan.FromSeconds(5)); // the tracker took it for a dog meanwhile: its visit stays a person's
        RegionCounts left = counter.Update(At(1, 0, 200, 100), TimeSpan.FromSeconds(6))[0];

        ClassCounts person = Assert.Single(left.Classes);
        Assert.Equal(("person", 1, 1, 0), (person.Class, person.In, person.Out, person.Inside));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)), (person.MeanDwell, person.LongestDwell));
    }

    [Fact]
    public void Who_is_first_seen_inside_came_in_and_who_is_seen_no_more_has_left()
    {
        RegionCounter counter = new([s_zone]);
        counter.Update(At(1, 0, 100, 100), TimeSpan.Zero);
        Assert.Equal(1, counter.Update(At(1, 0, 100, 100), TimeSpan.FromSeconds(2))[0].Inside);
        RegionCounts later = counter.Update(TestResults.Result(s_vocabulary, 400, 400), TimeSpan.FromSeconds(9))[0];

        Assert.Equal((1, 1, 0), (later.In, later.Out, later.Inside));
        Assert.Equal(TimeSpan.FromSeconds(2), later.Classes[0].MeanDwell);
    }

    [Fact]
    public void What_nobody_tracks_is_not_counted()
    {
        RegionCounter counter = new([s_zone]);
        FrameResult result = TestResults.Result(s_vocabulary, 400, 400, new Detection(0, 0.9f, new Box(90, 60, 110, 100)));
        Assert.Empty(counter.Update(result, TimeSpan.Zero)[0].Classes);
    }

    [Theory]
    [InlineData(99, 99, true), InlineData(20, 99, true), InlineData(60, 20, false), InlineData(60, 99, false), InlineData(-1, 50, false)]
    public void A_zone_may_be_concave(float x, float y, bool inside) =>
        // A U: open at the top, its hollow between 40 and 80, 100 deep.
        Assert.Equal(inside, new CountZone("u", [new(0, 0), new(40, 0), new(40, 100), new(80, 100), new(80, 0), new(120, 0), new(120, 120), new(0, 120)]).Contains(new(x, y)));

    [Theory]
    [InlineData("1,2,3", "each x needs its y"), InlineData("1,2,3,4,5,6", "has 6 numbers"), InlineData("1,2,x,4", "\"x\""), InlineData("", "\"\""),
     InlineData("5,5,5,5", "same point"), InlineData("1,2,3,NaN", "is not in a picture"), InlineData("1,2,3,1e9", "between -100000 and 100000"),
     InlineData("=0,0,1,1", "The line \"=0,0,1,1\" has an empty name")]
    public void A_wrong_line_is_named(string text, string words) =>
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => CountRegion.ParseLine(text, "line 1")).Message, StringComparison.Ordinal);

    [Fact]
    public void Lines_and_zones_may_have_names()
    {
        Assert.Equal("front door", CountRegion.ParseLine("front door = 1,2, 3,4", "line 1").Name);
        CountZone zone = CountRegion.ParseZone("0,0,10,0,10,10", "zone 1");
        Assert.Equal(("zone 1", 3), (zone.Name, zone.Points.Count));
        Assert.Contains("3 to 1000", Assert.Throws<ArgumentException>(() => CountRegion.ParseZone("0,0,10,0", "zone 1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zone_without_area_and_a_name_without_end_were_taken()
    {
        foreach (string corners in (string[])["5,5,5,5,5,5", "0,0,10,10,20,20", "0,0,10,0,5,0,0,0"])
        {
            Assert.Contains("has no area", Assert.Throws<ArgumentException>(() => CountRegion.ParseZone(corners, "zone 1")).Message, StringComparison.Ordinal);
        }
        // A bow tie: the halves' signed areas cancel out, and it has an area all the same.
        Assert.Equal(4, CountRegion.ParseZone("0,0,10,10,10,0,0,10", "zone 1").Points.Count);

        Assert.Equal(100, new CountLine(new string('a', 100), new(0, 0), new(1, 0)).Name.Length);
        Assert.Contains("has 101 characters; at most 100", Assert.Throws<ArgumentException>(() => new CountLine(new string('a', 101), new(0, 0), new(1, 0))).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", Assert.Throws<ArgumentException>(() => new CountLine(" ", new(0, 0), new(1, 0))).Message, StringComparison.Ordinal);
    }

    private static RegionCounts Walk(RegionCounter counter, int track, int classId, params (float X, float Y)[] steps)
    {
        IReadOnlyList<RegionCounts> counts = [];
        for (int i = 0; i < steps.Length; i++) { counts = counter.Update(At(track, classId, steps[i].X, steps[i].Y), TimeSpan.FromSeconds(i)); }
        return counts[0];
    }

    private static FrameResult At(int track, int classId, float x, float foot) =>
        TestResults.Result(s_vocabulary, 400, 400, new Detection(classId, 0.9f, new Box(x - 10, foot - 40, x + 10, foot), track));
}
