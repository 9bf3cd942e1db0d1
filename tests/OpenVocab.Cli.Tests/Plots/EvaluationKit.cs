using OpenCvSharp;
using OpenVocab.Evaluation;

namespace OpenVocab.Cli.Tests.Plots;

/// <summary>Evaluations as the plots get them, and their pictures as OpenCV, which did not write them, reads them.</summary>
internal static class EvaluationKit
{
    internal static readonly string[] Strange = ["dog", "<b>x</b> [red]y[/]", "\U0001F415 \u0007 two\nlines", new('W', 200), "half \ud83d pair", "", "狗", "كلب"];

    internal static string[] Names(int classes) => [.. Enumerable.Range(0, classes).Select(i => i < Strange.Length ? Strange[i] : $"class {i}")];

    /// <summary>Curves that fall from 1 to 0; of each class another one.</summary>
    internal static EvaluationReport Report(int classes)
    {
        ClassEvaluation[] all = [.. Enumerable.Range(0, classes).Select(i => Class(boxes: 10 + i, level => Math.Max(0, 1 - Math.Pow(level / 100.0, 1 + i % 7))))];
        return new(new() { AP50 = all.Select(each => each.Accuracy.AP50).DefaultIfEmpty(Accuracy.Nothing).Average() }, all);
    }

    internal static ClassEvaluation Class(int boxes, Func<int, double> precision)
    {
        double[] curve = [.. Enumerable.Range(0, 101).Select(precision)];
        return new(boxes, new() { AP50 = curve.Average() }, curve, null);
    }

    /// <summary>Of each class as many boxes as its number, plus one, and each found as what <paramref name="predicted"/> says; -1: missed.</summary>
    internal static ConfusionMatrix Matrix(int classes, Func<int, int> predicted)
    {
        LabelledBox[] labels = [.. Enumerable.Range(0, classes).SelectMany(each => Enumerable.Range(0, each + 1).Select(i => new LabelledBox(i, each, 20 * each, 0, 10, 10)))];
        ScoredBox[] found = [.. labels.Where(label => predicted(label.Class) >= 0).Select(label => new ScoredBox(label.Image, predicted(label.Class), label.X, 0, 10, 10, 0.5))];
        return ConfusionMatrix.Count(classes, classes, labels, found);
    }

    internal static Mat Decode(byte[] png) => Cv2.ImDecode(png, ImreadModes.Color);

    /// <summary>0 to 255, without any text that stands in the middle: the pixels near a corner of the cell.</summary>
    internal static double Lightness(Mat picture, OpenVocab.Cli.Plots.ConfusionLayout layout, int row, int column)
    {
        (int x, int y) = layout.CentreOf(row, column);
        int aside = layout.Cell / 2 - 4;
        return Cv2.Mean(picture[new Rect(x - aside, y - aside, 3, 3)]).Val2;
    }

    internal static int PixelsThatDiffer(Mat one, Mat other)
    {
        using Mat difference = new(), grey = new();
        Cv2.Absdiff(one, other, difference);
        Cv2.CvtColor(difference, grey, ColorConversionCodes.BGR2GRAY);
        return Cv2.CountNonZero(grey);
    }
}
