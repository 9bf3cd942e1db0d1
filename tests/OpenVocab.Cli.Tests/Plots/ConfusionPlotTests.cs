using OpenCvSharp;
using OpenVocab.Cli.Plots;
using OpenVocab.Evaluation;

namespace OpenVocab.Cli.Tests.Plots;

public class ConfusionPlotTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(25), InlineData(26), InlineData(80), InlineData(200)]
    public void Draws_any_number_of_classes_whatever_their_names(int classes)
    {
        ConfusionMatrix matrix = EvaluationKit.Matrix(classes, each => each);
        ConfusionLayout layout = ConfusionPlot.LayOut(matrix, EvaluationKit.Names(classes));

        using Mat picture = EvaluationKit.Decode(ConfusionPlot.Draw("any\nname 🐕", matrix, EvaluationKit.Names(classes)));

        Assert.Equal((layout.Width, layout.Height), (picture.Width, picture.Height));
        Assert.Equal(Math.Min(classes, 80) + 1, layout.Cells);
        Assert.InRange(layout.Width, 400, 2500);
        Cv2.MeanStdDev(picture, out _, out Scalar deviation);
        Assert.True(deviation.Val0 > 5, "The picture is blank.");
    }

    [Theory, InlineData(2), InlineData(25), InlineData(80)]
    public void What_is_always_found_is_a_dark_diagonal_on_white(int classes)
    {
        ConfusionMatrix matrix = EvaluationKit.Matrix(classes, each => each);

        using Mat picture = EvaluationKit.Decode(ConfusionPlot.Draw("x", matrix, EvaluationKit.Names(classes)));

        AssertDark(picture, ConfusionPlot.LayOut(matrix, EvaluationKit.Names(classes)), (row, column) => row == column && row < classes);
    }

    /// <summary>Class 0 is always taken for class 2, class 1 is missed, and class 2 is found: columns are what is labelled, rows what is said, from above.</summary>
    [Fact]
    public void Columns_are_labelled_and_rows_are_predicted()
    {
        ConfusionMatrix matrix = EvaluationKit.Matrix(3, each => each == 1 ? -1 : 2);

        using Mat picture = EvaluationKit.Decode(ConfusionPlot.Draw("x", matrix, ["a", "b", "c"]));

        AssertDark(picture, ConfusionPlot.LayOut(matrix, ["a", "b", "c"]), (row, column) => (row, column) is (2, 0) or (3, 1) or (2, 2));
    }

    [Fact]
    public void A_false_box_is_in_the_last_column()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Count(1, 2, [], [new(0, 1, 0, 0, 10, 10, 0.9)]);

        using Mat picture = EvaluationKit.Decode(ConfusionPlot.Draw("x", matrix, ["a", "b"]));

        AssertDark(picture, ConfusionPlot.LayOut(matrix, ["a", "b"]), (row, column) => (row, column) is (1, 2));
    }

    /// <summary>The first class has fewest boxes (one) and is left out; the others move up by one. The second is always missed.</summary>
    [Fact]
    public void Of_more_than_80_classes_those_with_most_boxes_are_shown_in_their_order()
    {
        ConfusionMatrix matrix = EvaluationKit.Matrix(81, each => each == 1 ? -1 : each);

        using Mat picture = EvaluationKit.Decode(ConfusionPlot.Draw("x", matrix, EvaluationKit.Names(81)));

        AssertDark(picture, ConfusionPlot.LayOut(matrix, EvaluationKit.Names(81)), (row, column) => column == 0 ? row == 80 : row == column && row < 80);
    }

    [Fact]
    public void Shades_are_shares_of_the_column()
    {
        LabelledBox[] labels = [.. Enumerable.Range(0, 4).Select(i => new LabelledBox(i, 0, 0, 0, 10, 10))];
        ConfusionMatrix matrix = ConfusionMatrix.Count(4, 2, labels, [.. labels.Take(1).Select(label => new ScoredBox(label.Image, 0, 0, 0, 10, 10, 0.9))]);

        using Mat picture = EvaluationKit.Decode(ConfusionPlot.Draw("x", matrix, ["a", "b"]));

        ConfusionLayout layout = ConfusionPlot.LayOut(matrix, ["a", "b"]);
        double quarter = EvaluationKit.Lightness(picture, layout, 0, 0), rest = EvaluationKit.Lightness(picture, layout, 2, 0), nothing = EvaluationKit.Lightness(picture, layout, 1, 1);
        Assert.InRange(quarter, rest + 50, nothing - 50);
    }

    private static void AssertDark(Mat picture, ConfusionLayout layout, Func<int, int, bool> dark)
    {
        for (int row = 0; row < layout.Cells; row++)
        {
            for (int column = 0; column < layout.Cells; column++)
            {
                if (row == layout.Cells - 1 && column == row) { continue; } // background as background: grey
                double lightness = EvaluationKit.Lightness(picture, layout, row, column);
                Assert.True(dark(row, column) ? lightness < 40 : lightness > 230, $"Row {row}, column {column} has a lightness of {lightness}.");
            }
        }
    }
}
