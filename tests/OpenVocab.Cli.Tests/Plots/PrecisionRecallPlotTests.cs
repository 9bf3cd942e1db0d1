using OpenCvSharp;
using OpenVocab.Cli.Plots;
using OpenVocab.Evaluation;

namespace OpenVocab.Cli.Tests.Plots;

public class PrecisionRecallPlotTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(10), InlineData(11), InlineData(200)]
    public void Draws_any_number_of_classes_whatever_their_names(int classes)
    {
        using Mat picture = EvaluationKit.Decode(PrecisionRecallPlot.Draw("any\nname 🐕", EvaluationKit.Report(classes), EvaluationKit.Names(classes)));

        Assert.Equal((PrecisionRecallPlot.Width, PrecisionRecallPlot.Height), (picture.Width, picture.Height));
        Cv2.MeanStdDev(picture, out Scalar mean, out Scalar deviation);
        Assert.InRange(mean.Val0, 200, 254);
        Assert.True(deviation.Val0 > 5, "The picture is blank.");
    }

    [Fact]
    public void A_class_without_objects_has_no_line_and_no_name()
    {
        EvaluationReport one = EvaluationKit.Report(1);
        EvaluationReport two = one with { Classes = [.. one.Classes, new(0, new(), [], null)] };

        Assert.Equal(PrecisionRecallPlot.Draw("x", one, ["dog"]), PrecisionRecallPlot.Draw("x", two, ["dog", "cat"]));
    }

    [Fact]
    public void Classes_without_any_object_leave_the_frame()
    {
        EvaluationReport none = new(new(), [new(0, new(), [], null), new(0, new(), [], null)]);

        Assert.Equal(PrecisionRecallPlot.Draw("x", EvaluationKit.Report(0), []), PrecisionRecallPlot.Draw("x", none, ["dog", "cat"]));
    }

    /// <summary>In the class with most boxes, and in the one with fewest, which is one of the grey lines.</summary>
    [Theory, InlineData(0), InlineData(19)]
    public void Another_curve_gives_another_picture(int changed)
    {
        EvaluationReport report = EvaluationKit.Report(20);
        ClassEvaluation[] classes = [.. report.Classes.Reverse()];
        ClassEvaluation[] others = [.. classes];
        others[changed] = classes[changed] with { Curve = [.. classes[changed].Curve.Select(precision => precision / 2)] };

        using Mat before = EvaluationKit.Decode(PrecisionRecallPlot.Draw("x", report with { Classes = classes }, EvaluationKit.Names(20)));
        using Mat after = EvaluationKit.Decode(PrecisionRecallPlot.Draw("x", report with { Classes = others }, EvaluationKit.Names(20)));

        Assert.True(EvaluationKit.PixelsThatDiffer(before, after) > 500);
    }

    /// <summary>One class with a precision of 0.5 at each recall: the thick line is the darkest row, in the middle of the frame, from side to side.</summary>
    [Fact]
    public void The_mean_is_drawn_where_it_is()
    {
        EvaluationReport report = new(new() { AP50 = 0.5 }, [EvaluationKit.Class(7, _ => 0.5)]);

        using Mat picture = EvaluationKit.Decode(PrecisionRecallPlot.Draw("x", report, ["dog"]));

        double[] columns = [.. new[] { 0.05, 0.5, 0.95 }.Select(recall => DarkRow(picture, recall))];
        Assert.All(columns, row => Assert.InRange(row, 430, 455));
    }

    /// <summary>The middle of the black pixels that do not belong to frame or grid.</summary>
    private static double DarkRow(Mat picture, double recall)
    {
        int x = 100 + (int)(recall * 740);
        return Enumerable.Range(80, 720).Where(y => picture.At<Vec3b>(y, x) == new Vec3b(0, 0, 0)).Average();
    }
}
