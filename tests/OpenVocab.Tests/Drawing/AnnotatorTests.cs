using OpenCvSharp;
using OpenVocab.Counting;
using OpenVocab.Drawing;
using OpenVocab.Prompts;
using OpenVocab.Sinks;

namespace OpenVocab.Tests.Drawing;

public class AnnotatorTests
{
    [Theory, InlineData(64, 48), InlineData(768, 576), InlineData(3840, 2160)]
    public void Boxes_and_labels_are_drawn_in_pictures_of_any_size(int width, int height)
    {
        using Mat picture = new(height, width, MatType.CV_8UC3, Scalar.All(90));
        FrameResult result = TestResults.Result(
            TestResults.VocabularyOf("Fußgänger", "犬"), width, height,
            new Detection(0, 0.9f, new Box(1, 1, width - 1, height - 1)), new Detection(1, 0.5f, new Box(-5, height / 2f, width / 2f, height + 9)));

        new Annotator().Draw(picture, result);

        Scalar color = ClassPalette.For(result.Vocabulary)[0];
        using Mat same = new();
        Cv2.InRange(picture, color, color, same);
        Assert.InRange(Cv2.CountNonZero(same), 10, width * height / 2);
    }

    [Fact]
    public void Tracks_leave_trails_and_another_source_begins_without_them()
    {
        Vocabulary vocabulary = TestResults.VocabularyOf("person");
        Annotator annotator = new(new() { Labels = false, LineWidth = 1 });
        int Draw(float x)
        {
            using Mat picture = new(100, 200, MatType.CV_8UC3, Scalar.All(90));
            annotator.Draw(picture, TestResults.Result(vocabulary, 200, 100, new Detection(0, 0.9f, new Box(x, 10, x + 10, 50), 7)));
            using Mat changed = new();
            Cv2.InRange(picture, Scalar.All(90), Scalar.All(90), changed);
            return 200 * 100 - Cv2.CountNonZero(changed);
        }

        int box = Draw(10);
        Assert.True(Draw(150) > box + 100, "the way from 10 to 150 is not drawn");
        annotator.Reset();
        Assert.Equal(box, Draw(150));
    }

    [Fact]
    public void Lines_and_zones_are_drawn_with_their_numbers()
    {
        using Mat picture = new(300, 400, MatType.CV_8UC3, Scalar.All(90));
        FrameResult result = TestResults.Result(TestResults.VocabularyOf("person"), 400, 300);
        result.Counts = [new(new CountLine("gate", new(0, 200), new(400, 200)), []), new(new CountZone("yard", [new(100, 20), new(200, 20), new(150, 120)]), [])];

        new Annotator().Draw(picture, result);

        Assert.NotEqual(new Vec3b(90, 90, 90), picture.At<Vec3b>(200, 300));
        Assert.NotEqual(new Vec3b(90, 90, 90), picture.At<Vec3b>(215, 200)); // the arrow says which way is in
        Assert.NotEqual(new Vec3b(90, 90, 90), picture.At<Vec3b>(20, 190));
    }

    [Fact]
    public void A_result_draws_into_a_copy_and_saves_it()
    {
        using TemporaryFolder folder = new();
        using Mat picture = new(48, 64, MatType.CV_8UC3, Scalar.All(90));
        FrameResult result = TestResults.Result(TestResults.VocabularyOf("person"), 64, 48, new Detection(0, 0.9f, new Box(10, 20, 50, 40)));

        AnnotatedPicture drawn = result.Draw(picture);
        drawn.Save(folder["o.png"]);

        Assert.Equal(new Vec3b(90, 90, 90), picture.At<Vec3b>(20, 30));
        using Mat saved = OpenVocab.Imaging.ImageFile.Read(folder["o.png"]);
        Assert.Equal((64, 48), (saved.Width, saved.Height));
        Assert.NotEqual(new Vec3b(90, 90, 90), saved.At<Vec3b>(20, 30));
        Assert.Contains(".gif", Assert.Throws<SinkException>(() => drawn.Save(folder["o.gif"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_display_a_window_is_an_error_with_a_remedy()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 }, "there is a display");
        using Mat picture = new(48, 64, MatType.CV_8UC3, Scalar.All(90));
        AnnotatedPicture drawn = TestResults.Result(TestResults.VocabularyOf("person"), 64, 48).Draw(picture);

        Assert.Contains("no display", Assert.Throws<SinkException>(() => drawn.Show()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_was_not_made_from_a_file_says_how_to_draw_it() =>
        Assert.Contains("Draw(picture)", Assert.Throws<InvalidOperationException>(() => TestResults.Result(TestResults.VocabularyOf("person"), 64, 48).Draw()).Message, StringComparison.Ordinal);
}
