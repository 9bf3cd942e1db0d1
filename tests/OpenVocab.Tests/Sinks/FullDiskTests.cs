using System.Diagnostics;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Tests.Sinks;

/// <summary>A disk of one megabyte, mounted for the test where the system allows it.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly bool _mounted;

    public FullDiskTests()
    {
        _mounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _folder.Path);
        Assert.SkipUnless(_mounted, "needs the right to mount a small disk");
    }

    public void Dispose()
    {
        if (_mounted) { Run("umount", _folder.Path); }
        _folder.Dispose();
    }

    [Theory, InlineData("jsonl"), InlineData("csv"), InlineData("coco"), InlineData("crops"), InlineData("annotated")]
    public void A_full_disk_is_an_error_that_says_so_and_leaves_no_half_file(string format)
    {
        using OpenCvSharp.Mat noise = TestPictures.Noise(1000, 700);
        using Frame frame = new();
        frame.Take(noise.Clone());
        FrameResult result = TestResults.Result(
            TestResults.VocabularyOf("person"), 1000, 700, [.. Enumerable.Range(0, 300).Select(i => new Detection(0, 0.9f, new Box(i, i, 990, 690)))]);

        SinkException thrown = Assert.Throws<SinkException>(() =>
        {
            List<FileSink> sinks = [.. ResultFormats.Create(format, _folder.Path)];
            try
            {
                SourceInfo source = new() { Name = "a.png", Kind = SourceKind.Picture };
                sinks.ForEach(sink => sink.BeginSource(source));
                for (int i = 0; i < 200; i++) { sinks.ForEach(sink => sink.Write(frame, result)); }
                sinks.ForEach(sink => sink.EndSource(new SourceReport { Source = source }));
                sinks.ForEach(sink => sink.Complete());
            }
            finally { sinks.ForEach(sink => sink.Dispose()); }
        });

        Assert.Contains("No space left", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Free some space", thrown.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories), file => file.Contains(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_disk_ends_a_video_with_an_error()
    {
        Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");
        using AnnotatedVideoSink sink = new(_folder["o.mp4"]);
        SourceInfo source = new() { Name = "s", Kind = SourceKind.Video, Width = 640, Height = 480, FrameRate = new(10, 1) };
        sink.BeginSource(source);

        SinkException thrown = Assert.Throws<SinkException>(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                using OpenCvSharp.Mat noise = TestPictures.Noise(640, 480, i);
                using Frame frame = new();
                frame.Take(noise.Clone());
                sink.Write(frame, TestResults.Result(TestResults.VocabularyOf("person"), 640, 480));
            }
            sink.EndSource(new SourceReport { Source = source });
        });

        Assert.Contains("Free some space", thrown.Remedy, StringComparison.Ordinal);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
