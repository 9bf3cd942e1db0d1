using System.Diagnostics;
using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

public class ConfusionMatrixTests
{
    private const int Cat = 0, Dog = 1, Background = 2;

    [Fact]
    public void A_box_that_is_found_counts_where_its_classes_meet()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0), Label(Dog, 100)], [Found(Cat, 0), Found(Cat, 100)]);

        AssertCounts(matrix, (Cat, Cat, 1), (Cat, Dog, 1));
    }

    [Fact]
    public void What_is_left_over_is_missed_or_false()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0)], [Found(Dog, 100)]);

        AssertCounts(matrix, (Background, Cat, 1), (Dog, Background, 1));
    }

    [Fact]
    public void A_total_is_the_sum_of_a_column()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0), Label(Cat, 100), Label(Cat, 200) with { Kinds = LabelKinds.Crowd }], [Found(Dog, 0), Found(Dog, 300), Found(Cat, 400)]);

        Assert.Equal([2, 0, 2], new[] { Cat, Dog, Background }.Select(matrix.TotalOf));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.TotalOf(3));
    }

    [Fact]
    public void Only_scores_above_the_threshold_count()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0), Label(Dog, 100)], [Found(Cat, 0, score: 0.25), Found(Dog, 100, score: 0.26)]);

        AssertCounts(matrix, (Background, Cat, 1), (Dog, Dog, 1));
    }

    /// <summary>5 of 10 pixels wide beside a box of 10 share a third; 10 of 20 share exactly the half.</summary>
    [Fact]
    public void An_overlap_that_equals_the_bound_is_enough()
    {
        ConfusionMatrix half = Count([Label(Cat, 0, width: 20)], [Found(Cat, 0, width: 10)]);
        ConfusionMatrix third = Count([Label(Cat, 0)], [Found(Cat, 5)]);

        AssertCounts(half, (Cat, Cat, 1));
        AssertCounts(third, (Background, Cat, 1), (Cat, Background, 1));
    }

    [Fact]
    public void The_greatest_overlap_is_paired_first_whatever_class_and_score()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0)], [Found(Cat, 1, score: 0.9), Found(Dog, 0, score: 0.3)]);

        AssertCounts(matrix, (Dog, Cat, 1), (Cat, Background, 1));
    }

    /// <summary>The detection at 2 overlaps the label at 0 with 8/12 and the one at 3 with 9/11, which the better detection at 3 has already.</summary>
    [Fact]
    public void Who_loses_one_label_may_have_the_next()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0), Label(Dog, 3)], [Found(Cat, 2), Found(Dog, 3)]);

        AssertCounts(matrix, (Cat, Cat, 1), (Dog, Dog, 1));
    }

    [Fact]
    public void Of_equal_overlaps_the_earlier_detection_is_taken_not_the_better_one()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0)], [Found(Dog, 0, score: 0.3), Found(Cat, 0, score: 0.9)]);

        AssertCounts(matrix, (Dog, Cat, 1), (Cat, Background, 1));
    }

    [Fact]
    public void Of_equal_overlaps_the_earlier_label_is_taken()
    {
        ConfusionMatrix matrix = Count([Label(Dog, 0), Label(Cat, 0)], [Found(Cat, 0)]);

        AssertCounts(matrix, (Cat, Dog, 1), (Background, Cat, 1));
    }

    [Fact]
    public void Boxes_of_different_pictures_never_meet()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Count(3, 2, [Label(Cat, 0) with { Image = 2 }, Label(Dog, 0) with { Image = 0 }], [Found(Dog, 0) with { Image = 0 }, Found(Cat, 0) with { Image = 1 }]);

        AssertCounts(matrix, (Background, Cat, 1), (Dog, Dog, 1), (Cat, Background, 1));
    }

    /// <summary>The detection covers 1/10 of the crowd: its own area decides.</summary>
    [Fact]
    public void A_crowd_takes_any_number_of_detections_of_any_class_and_counts_nowhere()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0, width: 100) with { Kinds = LabelKinds.Crowd }], [Found(Cat, 0), Found(Dog, 20), Found(Cat, 96)]);

        AssertCounts(matrix, (Cat, Background, 1));
    }

    [Fact]
    public void An_ignored_label_takes_detections_that_overlap_it_and_counts_nowhere()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0, width: 100) with { Kinds = LabelKinds.Ignored }], [Found(Dog, 0, width: 60), Found(Dog, 0, width: 40)]);

        AssertCounts(matrix, (Dog, Background, 1));
    }

    [Fact]
    public void A_detection_in_a_crowd_is_paired_with_an_object_first()
    {
        ConfusionMatrix matrix = Count([Label(Dog, 0, width: 100) with { Kinds = LabelKinds.Crowd }, Label(Cat, 4)], [Found(Cat, 2)]);

        AssertCounts(matrix, (Cat, Cat, 1));
    }

    [Fact]
    public void An_uncredited_label_counts_as_any_other()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0) with { Kinds = LabelKinds.Uncredited }], [Found(Cat, 0)]);

        AssertCounts(matrix, (Cat, Cat, 1));
    }

    [Fact]
    public void A_box_without_extent_is_missed()
    {
        ConfusionMatrix matrix = Count([Label(Cat, 0, width: 0)], [Found(Cat, 0, width: 0)]);

        AssertCounts(matrix, (Background, Cat, 1), (Cat, Background, 1));
    }

    [Fact]
    public void Threshold_and_overlap_are_the_callers()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Count(1, 2, [Label(Cat, 0)], [Found(Cat, 5, score: 0.05)], threshold: 0.01, overlap: 0.3);

        AssertCounts(matrix, (Cat, Cat, 1));
        Assert.Equal((0.01, 0.3), (matrix.Threshold, matrix.Overlap));
    }

    [Fact]
    public void Nothing_gives_nothing() => AssertCounts(Count([], []));

    [Fact]
    public void A_box_that_does_not_fit_is_named_with_its_bound()
    {
        Assert.Equal("Label 0: its picture is number 1; there are 1, counted from 0.", Assert.Throws<ArgumentException>(() => Count([Label(Cat, 0) with { Image = 1 }], [])).Message);
        Assert.Equal("Detection 1: its class is number 2; there are 2, counted from 0.", Assert.Throws<ArgumentException>(() => Count([], [Found(Cat, 0), Found(2, 0)])).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => Count([], [Found(Cat, double.NaN)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfusionMatrix.Count(1, 1, [], [], threshold: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfusionMatrix.Count(1, 1, [], [], overlap: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfusionMatrix.Count(1, 1, [], [], overlap: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Count([], [])[3, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Count([], [])[0, -1]);
    }

    [Fact]
    public void Half_a_million_detections_take_moments()
    {
        Random random = new(1);
        LabelledBox[] labels = [.. Enumerable.Range(0, 36_000).Select(i => new LabelledBox(i % 5000, random.Next(80), random.Next(600), random.Next(400), 60, 60))];
        ScoredBox[] detections = [.. Enumerable.Range(0, 500_000).Select(i => new ScoredBox(i % 5000, random.Next(80), random.Next(600), random.Next(400), 60, 60, Math.Pow(random.NextDouble(), 4)))];
        Stopwatch watch = Stopwatch.StartNew();

        ConfusionMatrix matrix = ConfusionMatrix.Count(5000, 80, labels, detections);

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        Assert.Equal(labels.Length, Enumerable.Range(0, 80).Sum(matrix.TotalOf));
    }

    private static ConfusionMatrix Count(LabelledBox[] labels, ScoredBox[] detections) => ConfusionMatrix.Count(1, 2, labels, detections);

    private static LabelledBox Label(int classId, double x, double width = 10) => new(0, classId, x, 0, width, 10);

    private static ScoredBox Found(int classId, double x, double width = 10, double score = 0.5) => new(0, classId, x, 0, width, 10, score);

    /// <summary>These cells, and all others 0.</summary>
    private static void AssertCounts(ConfusionMatrix matrix, params (int Predicted, int Actual, int Count)[] expected) => Assert.Equal(
        expected.Order(),
        from predicted in Enumerable.Range(0, matrix.Classes + 1) from actual in Enumerable.Range(0, matrix.Classes + 1)
        where matrix[predicted, actual] != 0 orderby predicted, actual select (predicted, actual, matrix[predicted, actual]));
}
