using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

public sealed class YoloLabelFileTests
{
    private const string LeftOut = "; the whole picture is left out, as Ultralytics does";

    private readonly DataProblems _problems = new();

    [Fact]
    public void A_line_is_class_centre_and_size_between_blanks_of_any_kind()
    {
        List<YoloRow>? rows = Parse("1 0.5 0.25 0.5 0.125\r\n\n \t \n  0.0\t1e-1  .2 +0.3 0.4 \n");

        Assert.Equal([new(1, 0.5, 0.25, 0.5, 0.125), new(0, 0.1, 0.2, 0.3, 0.4)], rows);
        Assert.Equal(0, _problems.Count);
    }

    [Theory, InlineData(""), InlineData("\n"), InlineData("  \r\n\t\n")]
    public void An_empty_file_has_no_objects(string text) => Assert.Empty(Parse(text)!);

    [Fact]
    public void One_line_with_more_than_six_values_makes_all_of_them_polygons()
    {
        List<YoloRow>? rows = YoloLabelFile.Parse("0 0.25 0.5 0.75 0.25 0.5 1\n1 0.75 0.5 0.25 0.25", 3, "a.txt", _problems, out bool polygons);

        Assert.True(polygons);
        // The second line is no centre and size here, but two corners.
        Assert.Equal([new(0, 0.5, 0.625, 0.5, 0.75), new(1, 0.5, 0.375, 0.5, 0.25)], rows);
    }

    [Theory]
    [InlineData("0 .5 .5 .5", "line 1: the line has 4 values; it must have 5 (class, centre x and y, width, height)")]
    [InlineData("0 .5 .5 .5 .5\n0 .5 .5 .5 .5 .5", "line 2: the line has 6 values; it must have 5 (class, centre x and y, width, height)")]
    [InlineData("0 .1 .1 .2 .2 .3 .3\n0 .5 .5 .5 .5 .5", "line 2: the line has 6 values; in a file of polygons it must have the class and x and y of at least two points")]
    [InlineData("0 .1 .1 .2 .2 .3 .3\n0 .5 .5", "line 2: the line has 3 values; in a file of polygons it must have the class and x and y of at least two points")]
    [InlineData("cat .5 .5 .5 .5", "line 1: the class is \"cat\"; it must be an integer")]
    [InlineData("0.5 .5 .5 .5 .5", "line 1: the class is \"0.5\"; it must be an integer")]
    [InlineData("nan .5 .5 .5 .5", "line 1: the class is \"nan\"; it must be an integer")]
    [InlineData("3 .5 .5 .5 .5", "line 1: the class is \"3\"; it must lie between 0 and 2")]
    [InlineData("-1 .5 .5 .5 .5", "line 1: the class is \"-1\"; it must lie between 0 and 2")]
    [InlineData("1e300 .5 .5 .5 .5", "line 1: the class is \"1e300\"; it must lie between 0 and 2")]
    [InlineData("\n\n0 .5 NaN .5 .5", "line 3: value 3 is \"NaN\"; it must be a finite number")]
    [InlineData("0 .5 .5 Infinity .5", "line 1: value 4 is \"Infinity\"; it must be a finite number")]
    [InlineData("0 .5 .5 .5 1e999", "line 1: value 5 is \"1e999\"; it must be a finite number")]
    [InlineData("0 0,5 .5 .5 .5", "line 1: value 2 is \"0,5\"; it must be a finite number")]
    [InlineData("0 1.02 .5 .5 .5", "line 1: the centre's x is 1.02; it must lie between -0.01 and 1.01, as a fraction of the picture")]
    [InlineData("0 .5 -0.02 .5 .5", "line 1: the centre's y is -0.02; it must lie between -0.01 and 1.01, as a fraction of the picture")]
    [InlineData("0 .5 .5 320 .5", "line 1: the width is 320; it must lie between -0.01 and 1.01, as a fraction of the picture")]
    [InlineData("0 .5 .5 .5 1.5", "line 1: the height is 1.5; it must lie between -0.01 and 1.01, as a fraction of the picture")]
    public void A_faulty_line_leaves_the_picture_out_and_is_named_with_value_and_bound(string text, string words)
    {
        Assert.Null(Parse(text));

        Assert.Equal($"labels/a.txt, {words}{LeftOut}", Assert.Single(_problems.First).ToString());
    }

    [Fact]
    public void Rounding_beyond_the_edge_is_allowed() => Assert.Equal([new(0, 1.01, -0.01, 1.005, 1)], Parse("0 1.01 -0.01 1.005 1"));

    [Fact]
    public void Equal_lines_count_once_and_the_rest_comes_out_sorted()
    {
        List<YoloRow>? rows = Parse("2 .5 .5 .5 .5\n0 .5 .5 .25 .5\n2 0.50 .5 .5 .5\n0 .25 .5 .25 .5");

        Assert.Equal([new(0, .25, .5, .25, .5), new(0, .5, .5, .25, .5), new(2, .5, .5, .5, .5)], rows);
        Assert.Equal("labels/a.txt: 1 line repeats another; it counts once", Assert.Single(_problems.First).ToString());
    }

    [Theory, InlineData("0 .5 .5 0 .5", "width 0, height 0.5"), InlineData("0 .5 .5 .5 -0.005", "width 0.5, height -0.005")]
    public void A_box_without_extent_is_left_out_alone(string line, string values)
    {
        List<YoloRow>? rows = Parse($"{line}\n1 .5 .5 .5 .5");

        Assert.Equal([new(1, .5, .5, .5, .5)], rows);
        Assert.Equal($"labels/a.txt, line 1: the box has no extent ({values}; both must be above 0); the line is left out", Assert.Single(_problems.First).ToString());
    }

    [Fact]
    public void A_value_of_any_length_is_cut_in_the_message()
    {
        Assert.Null(Parse($"{new string('9', 100_000)}\u001b[31m .5 .5 .5 .5"));

        Assert.InRange(_problems.First[0].Message.Length, 60, 250);
    }

    private List<YoloRow>? Parse(string text) => YoloLabelFile.Parse(text, 3, "labels/a.txt", _problems, out _);
}
