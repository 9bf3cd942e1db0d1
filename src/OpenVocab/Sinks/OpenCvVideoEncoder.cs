using OpenCvSharp;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>mp4v through OpenCV, for machines without ffmpeg: players play it, browsers do not, and there is no sound.</summary>
/// <remarks>OpenCV's writer reports nothing by itself: everything is checked here (a missing folder, a wrong size, an empty file).</remarks>
internal sealed class OpenCvVideoEncoder : IVideoEncoder
{
    private const int SmallestFile = 1024;

    private readonly string _target;
    private readonly string _temporary;
    private readonly Size _size;
    private VideoWriter? _writer;
    private long _frames;

    internal OpenCvVideoEncoder(string target, SourceInfo source)
    {
        (_target, _size) = (target, new(source.Width, source.Height));
        _temporary = AtomicFile.TemporaryFor(target);
        using (AtomicFile probe = new(target)) { }
        _writer = NativeCount.Track(new VideoWriter(_temporary, VideoWriter.FourCC('m', 'p', '4', 'v'), source.FrameRate?.PerSecond ?? 25, _size));
        if (!_writer.IsOpened())
        {
            Dispose();
            throw new SinkException($"{target}: OpenCV cannot write a video here.", "Install ffmpeg, or write pictures instead.");
        }
    }

    public void Write(Mat pixels, TimeSpan time)
    {
        if (pixels.Size() != _size)
        {
            throw new SinkException(
                $"{_target}: a frame is {pixels.Width} x {pixels.Height}; the video began with {_size.Width} x {_size.Height}.",
                "A video file has one size: cut the source where its size changes.");
        }
        _writer!.Write(pixels);
        _frames++;
    }

    public void Finish(bool interrupted)
    {
        Release();
        if (new FileInfo(_temporary) is not { Exists: true, Length: > SmallestFile })
        {
            throw new SinkException($"{_target}: OpenCV wrote no video for {_frames} frames.", "Free some space, or install ffmpeg.");
        }
        using (VideoCapture check = new(_temporary, VideoCaptureAPIs.FFMPEG))
        {
            if (!check.IsOpened() || check.FrameCount < _frames)
            {
                throw new SinkException($"{_target}: {_frames} frames were given to OpenCV, and fewer are in the file.", "Free some space, or install ffmpeg.");
            }
        }
        try { File.Move(_temporary, _target, overwrite: true); }
        catch (Exception fault) when (SinkErrors.IsExpected(fault)) { throw SinkErrors.Wrap(_target, fault); }
    }

    public void Dispose()
    {
        Release();
        File.Delete(_temporary);
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _writer, null) is { } writer) { NativeCount.Release(writer); }
    }
}
