using OpenVocab.Sources;

namespace OpenVocab.Tests.Sources;

public sealed class VideoSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public VideoSourceTests() => Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");

    public void Dispose() => _folder.Dispose();

    private sealed record Read(SourceInfo Info, IReadOnlyList<(long Index, double Time, int Width, int Height)> Frames, string? Damage);

    [Theory]
    [InlineData("a.mp4"), InlineData("a.mkv"), InlineData("a.avi"), InlineData("a.ts"), InlineData("a.mov"), InlineData("a.webm")]
    public void Whole_files_give_every_frame_with_its_time_and_no_damage(string name)
    {
        string path = TestVideos.Make(_folder[name]);

        foreach (bool ffmpeg in new[] { true, false })
        {
            Read read = ReadAll(path, ffmpeg);

            Assert.Null(read.Damage);
            Assert.Equal(50, read.Frames.Count);
            Assert.All(read.Frames, frame => Assert.Equal((160, 120), (frame.Width, frame.Height)));
            Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), read.Frames.Select(frame => frame.Index));
            // Transport streams begin somewhere; what counts is the distance from the first frame.
            double first = read.Frames[0].Time;
            Assert.All(read.Frames, frame => Assert.Equal(frame.Index * 0.1, frame.Time - first, 3));
        }
    }

    [Fact]
    public void Rates_stay_fractions_and_long_times_exact()
    {
        string path = TestVideos.Make(_folder["ntsc.mp4"], ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=30000/1001:duration=2"]);

        Read read = ReadAll(path, ffmpeg: true);

        Assert.Equal(new FrameRate(30000, 1001), read.Info.FrameRate);
        Assert.False(read.Info.VariableRate);
        Assert.All(read.Frames, frame => Assert.Equal(frame.Index * 1001 / 30000.0, frame.Time, 6));
    }

    [Fact]
    public void A_rate_that_varies_is_known_and_every_frame_has_its_own_time()
    {
        string path = TestVideos.Make(_folder["vfr.mp4"], null, "-vf", "select='lt(n,10)+gte(n,30)'", "-fps_mode", "vfr");

        Read read = ReadAll(path, ffmpeg: true);

        Assert.True(read.Info.VariableRate);
        Assert.Null(read.Damage);
        Assert.Equal([0.9, 3.0], [Math.Round(read.Frames[9].Time, 3), Math.Round(read.Frames[10].Time, 3)]);
    }

    [Theory, InlineData("a.mkv"), InlineData("a.ts"), InlineData("a.webm")]
    public void A_header_that_claims_a_constant_rate_is_not_believed(string name)
    {
        string regular = TestVideos.Make(_folder["r" + name], ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=30000/1001:duration=2"]);
        string hole = TestVideos.Make(_folder[name], ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25:duration=2"], "-vf", "select='lt(n,10)+gte(n,30)'", "-fps_mode", "vfr", "-r", "25");

        Read one = ReadAll(regular, ffmpeg: true), other = ReadAll(hole, ffmpeg: true);

        Assert.Equal((false, new FrameRate(30000, 1001), 60L), (one.Info.VariableRate, one.Info.FrameRate!.Value, one.Info.FrameCount!.Value));
        Assert.True(other.Info.VariableRate);
        Assert.Equal(0.84, other.Frames[10].Time - other.Frames[9].Time, 2);
    }

    [Fact]
    public void A_video_that_was_filmed_upright_comes_out_upright()
    {
        string path = TestVideos.TurnOnItsSide(TestVideos.Make(_folder["turned.mp4"]));

        Read read = ReadAll(path, ffmpeg: true);

        Assert.Equal((120, 160), (read.Info.Width, read.Info.Height));
        Assert.All(read.Frames, frame => Assert.Equal((120, 160), (frame.Width, frame.Height)));
        Assert.Null(read.Damage);
    }

    [Theory, InlineData("cut.mp4", true), InlineData("cut.mkv", true), InlineData("cut.avi", true), InlineData("cut.mp4", false), InlineData("cut.mkv", false), InlineData("cut.avi", false)]
    public void A_file_that_is_cut_off_is_reported_after_its_frames(string name, bool ffmpeg)
    {
        string path = TestVideos.Make(_folder[name], null, name.EndsWith("mp4", StringComparison.Ordinal) ? ["-movflags", "+faststart"] : []);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length * 6 / 10)]);

        Read read = ReadAll(path, ffmpeg);

        Assert.InRange(read.Frames.Count, 10, 45);
        Assert.Contains("damaged or incomplete", read.Damage, StringComparison.Ordinal);
    }

    [Theory, InlineData("cut.ogv", "its last page is missing"), InlineData("cut.mkv", "it ends at"), InlineData("cut.flv", "it ends at")]
    public void Containers_that_know_their_end_are_asked_for_it(string name, string words)
    {
        string path = TestVideos.Make(_folder[name], ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=8"]);
        Assert.Null(ReadAll(path, ffmpeg: true).Damage);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length * 6 / 10)]);

        Assert.Contains(words, ReadAll(path, ffmpeg: true).Damage, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_in_the_middle_is_reported_and_read_past()
    {
        string path = TestVideos.Make(_folder["hurt.mp4"], ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=8"], "-movflags", "+faststart", "-g", "25");
        byte[] bytes = File.ReadAllBytes(path);
        new Random(3).NextBytes(bytes.AsSpan(bytes.Length / 2, bytes.Length / 20));
        File.WriteAllBytes(path, bytes);

        Read read = ReadAll(path, ffmpeg: true);

        Assert.True(read.Frames.Count > 150, $"{read.Frames.Count} of 200 frames: the second half was lost");
        Assert.Contains("the decoder complained", read.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_third_frame_keeps_its_number_and_its_time()
    {
        string path = TestVideos.Make(_folder["a.mp4"]);

        foreach (bool ffmpeg in new[] { true, false })
        {
            Read read = ReadAll(path, ffmpeg, stride: 3);

            Assert.Equal(new FrameRate(10, 3), read.Info.FrameRate);
            Assert.Equal([2L, 5L, 8L], read.Frames.Take(3).Select(frame => frame.Index));
            Assert.Equal(0.2, read.Frames[0].Time, 3);
            Assert.Equal(16, read.Frames.Count);
            Assert.Null(read.Damage);
        }
    }

    [Theory]
    [InlineData("", SourceFault.Damaged, "empty (0 bytes)")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n", SourceFault.Unsupported, "this is no video file")]
    [InlineData("ffconcat version 1.0\nfile a.mp4\n", SourceFault.Unsupported, "this is no video file")]
    public void Playlists_and_empty_files_under_the_name_of_a_video_are_refused(string content, SourceFault fault, string words)
    {
        File.WriteAllText(_folder["x.mp4"], content);
        TestVideos.Make(_folder["a.mp4"]);

        foreach (bool ffmpeg in new[] { true, false })
        {
            SourceException thrown = Assert.Throws<SourceException>(() => ReadAll(_folder["x.mp4"], ffmpeg));

            Assert.Equal(fault, thrown.Fault);
            Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_video_without_its_index_cannot_be_opened_and_says_why()
    {
        string path = TestVideos.Make(_folder["a.mp4"]);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..4000]);

        SourceException thrown = Assert.Throws<SourceException>(() => ReadAll(path, ffmpeg: true));

        Assert.Equal(SourceFault.Damaged, thrown.Fault);
        Assert.Contains("moov atom not found", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sound_alone_is_no_video()
    {
        string path = TestVideos.Make(_folder["sound.mp4"], ["-f", "lavfi", "-i", "sine=duration=1"]);

        Assert.Contains("there is no video", Assert.Throws<SourceException>(() => ReadAll(path, ffmpeg: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_ends_a_read_at_once_and_leaves_no_process()
    {
        string path = TestVideos.Make(_folder["a.mp4"]);
        using IFrameSource source = FrameSources.Open(new(SourceKind.Video, path));
        using Frame frame = new();
        using CancellationTokenSource stop = new();
        Assert.True(source.TryRead(frame, stop.Token));

        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => source.TryRead(frame, stop.Token));
    }

    private static Read ReadAll(string path, bool ffmpeg, int stride = 1)
    {
        using IFrameSource source = FrameSources.Open(new(SourceKind.Video, path), new() { UseFfmpeg = ffmpeg, FrameStride = stride });
        using Frame frame = new();
        List<(long, double, int, int)> frames = [];
        while (source.TryRead(frame, TestContext.Current.CancellationToken))
        {
            frames.Add((frame.Index, frame.Time.TotalSeconds, frame.Width, frame.Height));
        }
        return new(source.Info, frames, source.Damage);
    }
}
