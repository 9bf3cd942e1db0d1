using CsCheck;
using OpenCvSharp;
using OpenVocab.Drawing;
using Size = OpenCvSharp.Size;

namespace OpenVocab.Tests.Drawing;

public class LabelLayoutTests
{
    [Fact]
    public void A_label_never_leaves_the_picture() =>
        Gen.Select(Gen.Int[1, 4000], Gen.Int[1, 3000], Gen.Int[0, 4000], Gen.Int[0, 3000], Gen.Int[1, 500], Gen.Int[1, 60]).Sample((width, height, x, y, w, h) =>
        {
            Rect box = new(Math.Min(x, width - 1), Math.Min(y, height - 1), 20, 30);

            Rect place = new LabelLayout().Place(box, new Size(w, h), new Size(width, height));

            return place.Left >= 0 && place.Top >= 0 && place.Right <= width && place.Bottom <= height;
        });

    [Fact]
    public void It_stands_above_its_box_where_there_is_room() =>
        Assert.Equal(new Rect(50, 80, 40, 20), new LabelLayout().Place(new Rect(50, 100, 60, 60), new Size(40, 20), new Size(640, 480)));

    [Fact]
    public void It_goes_into_the_box_at_the_upper_edge_of_the_picture() =>
        Assert.Equal(new Rect(50, 5, 40, 20), new LabelLayout().Place(new Rect(50, 5, 60, 60), new Size(40, 20), new Size(640, 480)));

    [Fact]
    public void Two_labels_of_one_place_do_not_cover_each_other()
    {
        LabelLayout layout = new();
        Rect first = layout.Place(new Rect(50, 100, 60, 60), new Size(40, 20), new Size(640, 480));

        Rect second = layout.Place(new Rect(52, 101, 60, 60), new Size(40, 20), new Size(640, 480));

        Assert.False(first.IntersectsWith(second));
    }
}
