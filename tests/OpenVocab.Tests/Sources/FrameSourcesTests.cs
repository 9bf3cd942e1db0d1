using OpenCvSharp;
using OpenVocab.Sources;

namespace OpenVocab.Tests.Sources;

public sealed class FrameSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FrameSourcesTests()
    {
        Directory.CreateDirectory(_folder["below"]);
        foreach (string name in new[] { "b.png", "a.jpg", "below/c.jpg", "odd[1].png" }) { WritePicture(_folder[name]); }
        File.WriteAllText(_folder["notes.md"], "no picture");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_gives_its_pictures_in_order_and_not_what_lies_below() =>
        Assert.Equal(["a.jpg", "b.png", "odd[1].png"], Names(_folder.Path));

    [Fact]
    public void Patterns_reach_into_folders()
    {
        Assert.Equal(["a.jpg"], Names(_folder["*.jpg"]));
        Assert.Equal(["a.jpg", "c.jpg"], Names(_folder["**/*.jpg"]));
        Assert.Equal(["b.png"], Names(_folder["?.png"]));
    }

    [Fact]
    public void A_list_file_names_paths_relative_to_itself()
    {
        File.WriteAllText(_folder["list.txt"], "# mine\n\nbelow/c.jpg\na.jpg\n");

        Assert.Equal(["c.jpg", "a.jpg"], Names(_folder["list.txt"]));
    }

    [Fact]
    public void A_live_source_is_one_and_no_picture()
    {
        Assert.Contains("a picture", Assert.Throws<SourceException>(() => FrameSources.FindLive(_folder["a.jpg"])).Message, StringComparison.Ordinal);
        Assert.Contains("3 files", Assert.Throws<SourceException>(() => FrameSources.FindLive(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(SourceKind.Stream, FrameSources.FindLive("rtsp://camera/1").Kind);
        Assert.Equal(SourceKind.Camera, FrameSources.FindLive("0").Kind);
    }

    [Fact]
    public void A_text_was_called_a_picture_where_a_live_source_is_wanted()
    {
        File.WriteAllText(_folder["README.md"], "# Read me");

        Assert.Contains("README.md: this is no video file that is known.", Assert.Throws<SourceException>(() => FrameSources.FindLive(_folder["README.md"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_a_list_that_names_nothing_is_reported_with_its_number()
    {
        File.WriteAllText(_folder["list.txt"], "a.jpg\ngone.jpg\n");

        Assert.Contains("line 2", Assert.Throws<SourceException>(() => FrameSources.Find(_folder["list.txt"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_with_brackets_is_a_file_before_it_is_a_pattern() => Assert.Equal(["odd[1].png"], Names(_folder["odd[1].png"]));

    [Fact]
    public void Content_decides_what_a_file_is_and_not_its_name()
    {
        Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");
        File.Move(TestVideos.Make(_folder["v.mp4"]), _folder["v.jpg"]);

        Assert.Equal(SourceKind.Video, Assert.Single(FrameSources.Find(_folder["v.jpg"])).Kind);
    }

    [Theory, InlineData("none.jpg"), InlineData("*.gif")]
    public void What_is_not_there_is_said(string name) =>
        Assert.Equal(SourceFault.NotFound, Assert.Throws<SourceException>(() => FrameSources.Find(_folder[name])).Fault);

    [Fact]
    public void An_empty_folder_is_an_error()
    {
        Directory.CreateDirectory(_folder["empty"]);

        Assert.Contains("no picture and no video", Assert.Throws<SourceException>(() => FrameSources.Find(_folder["empty"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_camera_that_is_not_there_is_named()
    {
        SourceReference camera = Assert.Single(FrameSources.Find("93"));

        Assert.Equal(SourceKind.Camera, camera.Kind);
        Assert.Contains("/dev/video93", Assert.Throws<SourceException>(() => FrameSources.Open(camera)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_from_a_stream_is_one_frame()
    {
        using MemoryStream stream = new(File.ReadAllBytes(_folder["a.jpg"]));
        using PictureSource source = PictureSource.FromStream(stream, "stdin", new());
        using Frame frame = new();

        Assert.True(source.TryRead(frame, TestContext.Current.CancellationToken));
        Assert.Equal((40, 30), (frame.Width, frame.Height));
        Assert.False(source.TryRead(frame, TestContext.Current.CancellationToken));
    }

    private static string[] Names(string text) => [.. FrameSources.Find(text).Select(found => Path.GetFileName(found.Name))];

    private static void WritePicture(string path)
    {
        using Mat picture = TestPictures.Halves(40, 30);
        File.WriteAllBytes(path, TestPictures.Encode(picture, Path.GetExtension(path)));
    }
}
