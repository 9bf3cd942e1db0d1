using System.Globalization;
using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Tests.Sinks;

public sealed class AnnotatedVideoSinkTests : IDisposable
{
    private static readonly Vocabulary s_words = TestResults.VocabularyOf("person");
    private readonly TemporaryFolder _folder = new();

    public AnnotatedVideoSinkTests() => Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rate_count_and_codec_are_what_every_player_plays()
    {
        SourceInfo source = new() { Name = "s.mp4", Kind = SourceKind.Video, Width = 161, Height = 121, FrameRate = new(30000, 1001) };

        Write(_folder["o.mp4"], source, [.. Enumerable.Range(0, 40).Select(i => i * 1001 / 30000.0)]);

        Assert.Equal("h264,162,122,yuv420p,bt709,30000/1001,40", TestVideos.Probe(
            _folder["o.mp4"], "stream=codec_name,width,height,pix_fmt,color_space,r_frame_rate,nb_frames"));
        Assert.Equal([_folder["o.mp4"]], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Every_frame_keeps_its_own_time_where_the_rate_varies()
    {
        SourceInfo source = new() { Name = "s.mp4", Kind = SourceKind.Video, Width = 64, Height = 48, FrameRate = new(25, 1), VariableRate = true };
        double[] times = [0, 0.04, 0.08, 3.12, 3.16, 3.5, 7.77];

        Write(_folder["o.mp4"], source, times);

        IReadOnlyList<double> written = TestVideos.Times(_folder["o.mp4"]);
        Assert.Equal(times.Length, written.Count);
        Assert.All(times.Zip(written), pair => Assert.Equal(pair.First, pair.Second, 4));
    }

    [Fact]
    public void The_sound_of_the_source_is_kept()
    {
        string input = TestVideos.Make(
            _folder["s.mp4"], ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=10:duration=3", "-f", "lavfi", "-i", "sine=duration=3"], "-c:a", "aac");

        Write(_folder["o.mp4"], Describe(input), [.. Enumerable.Range(0, 30).Select(i => i / 10.0)]);

        Assert.Equal("aac", TestVideos.Probe(_folder["o.mp4"], "stream=codec_name", "-select_streams", "a"));
        Assert.Equal(Duration(input, "a"), Duration(_folder["o.mp4"], "a"), 0.05);
        Assert.Equal("30", TestVideos.Probe(_folder["o.mp4"], "stream=nb_frames", "-select_streams", "v"));
    }

    [Fact]
    public void Sound_that_mp4_cannot_hold_is_converted_and_is_cut_where_an_interrupted_run_ends()
    {
        string input = TestVideos.Make(
            _folder["s.avi"], ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=10:duration=3", "-f", "lavfi", "-i", "sine=duration=3"], "-c:a", "pcm_s16le");

        Write(_folder["o.mp4"], Describe(input), [.. Enumerable.Range(0, 10).Select(i => i / 10.0)], interrupted: true);

        Assert.Equal("aac", TestVideos.Probe(_folder["o.mp4"], "stream=codec_name", "-select_streams", "a"));
        Assert.Equal(1.0, Duration(_folder["o.mp4"], "a"), 0.1);
    }

    [Fact]
    public void Without_ffmpeg_a_video_is_written_with_a_notice()
    {
        SourceInfo source = new() { Name = "s.mp4", Kind = SourceKind.Video, Width = 64, Height = 48, FrameRate = new(10, 1) };

        AnnotatedVideoSink sink = Write(_folder["o.mp4"], source, [.. Enumerable.Range(0, 20).Select(i => i / 10.0)], ffmpeg: false);

        Assert.Contains("browsers do not play", Assert.Single(sink.Notices), StringComparison.Ordinal);
        Assert.Equal("mpeg4,20", TestVideos.Probe(_folder["o.mp4"], "stream=codec_name,nb_frames"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_folder_that_cannot_be_written_is_an_error_before_the_first_frame(bool ffmpeg)
    {
        File.WriteAllText(_folder["file"], "in the way");
        using AnnotatedVideoSink sink = new(Path.Combine(_folder["file"], "o.mp4"), "", null, ffmpeg);

        SinkException thrown = Assert.Throws<SinkException>(() => sink.BeginSource(new() { Name = "s", Kind = SourceKind.Video, Width = 64, Height = 48, FrameRate = new(10, 1) }));

        Assert.Contains("o.mp4", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_input_is_never_the_output()
    {
        string input = TestVideos.Make(_folder["s.mp4"]);
        using AnnotatedVideoSink sink = new(input);

        Assert.Contains("replace its own input", Assert.Throws<SinkException>(() => sink.BeginSource(Describe(input))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_fails_leaves_no_file_and_no_process()
    {
        using (AnnotatedVideoSink sink = new(_folder["o.mp4"]))
        {
            sink.BeginSource(new() { Name = "s", Kind = SourceKind.Video, Width = 64, Height = 48, FrameRate = new(10, 1) });
            using Frame frame = TestResults.Frame(64, 48);
            sink.Write(frame, TestResults.Result(s_words, 64, 48));
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_frame_of_another_size_is_an_error_that_names_both()
    {
        using AnnotatedVideoSink sink = new(_folder["o.mp4"]);
        sink.BeginSource(new() { Name = "s", Kind = SourceKind.Video, Width = 64, Height = 48, FrameRate = new(10, 1) });
        using Frame frame = TestResults.Frame(32, 32);

        Assert.Contains("32 x 32", Assert.Throws<SinkException>(() => sink.Write(frame, TestResults.Result(s_words, 32, 32))).Message, StringComparison.Ordinal);
    }

    private static AnnotatedVideoSink Write(string path, SourceInfo source, double[] times, bool interrupted = false, bool ffmpeg = true)
    {
        using AnnotatedVideoSink sink = new(path, "", null, ffmpeg);
        sink.BeginSource(source);
        for (int i = 0; i < times.Length; i++)
        {
            using Frame frame = TestResults.Frame(source.Width, source.Height, i, times[i], (byte)(i * 5));
            sink.Write(frame, TestResults.Result(s_words, source.Width, source.Height, new Detection(0, 0.9f, new Box(5, 5, 30, 30))));
        }
        sink.EndSource(new SourceReport { Source = source, Frames = times.Length, Interrupted = interrupted });
        sink.Complete();
        return sink;
    }

    private static SourceInfo Describe(string path)
    {
        using IFrameSource source = FrameSources.Open(new(SourceKind.Video, path));
        return source.Info;
    }

    private static double Duration(string path, string stream) =>
        double.Parse(TestVideos.Probe(path, "stream=duration", "-select_streams", stream), CultureInfo.InvariantCulture);
}
