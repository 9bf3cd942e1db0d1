using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Sources;

namespace OpenVocab.Models.Quantization;

/// <summary>One picture as the network gets it.</summary>
/// <param name="Width">Of the input.</param>
/// <param name="Height">Of the input.</param>
/// <param name="Levels">Three planes, red first, 0 to 255: a quarter of the memory that floats take.</param>
internal sealed record CalibrationFrame(int Width, int Height, byte[] Levels)
{
    internal void Fill(Span<float> planes)
    {
        for (int i = 0; i < Levels.Length; i++) { planes[i] = Levels[i] / 255f; }
    }
}

/// <summary>Reads pictures evenly from all that were given.</summary>
internal static class CalibrationFrames
{
    /// <summary>A video has far more frames than are wanted, and neighbours look alike.</summary>
    private const int FramesOfVideo = 32;

    /// <param name="sources">Pictures and videos; those that cannot be read are named in the notes.</param>
    /// <param name="most">How many are wanted.</param>
    /// <param name="placement">Where a picture lies in the network's input.</param>
    /// <param name="notes">Gets what could not be read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="SourceException">There are too few.</exception>
    internal static IReadOnlyList<CalibrationFrame> Read(IReadOnlyList<SourceReference> sources, int most, InputPlacement placement, List<string> notes, CancellationToken cancellation)
    {
        SourceReference[] pictures = [.. Spread([.. sources.Where(source => source.Kind == SourceKind.Picture)], most)];
        SourceReference[] videos = [.. sources.Where(source => source.Kind == SourceKind.Video)];
        int ofVideo = videos.Length == 0 ? 0 : Math.Clamp((most - pictures.Length) / videos.Length, 1, FramesOfVideo);
        List<CalibrationFrame> frames = [];
        foreach (SourceReference source in pictures.Concat(videos))
        {
            cancellation.ThrowIfCancellationRequested();
            try { frames.AddRange(ReadSource(source, ofVideo, placement, cancellation)); }
            catch (SourceException fault) { notes.Add(fault.Message); }
        }
        return frames.Count >= 4 ? [.. frames.Take(most)] : throw new SourceException(
            SourceFault.NotFound, $"{frames.Count} pictures could be read; at least 4 are needed, and 100 that look like those of the later use are good.{(notes.Count > 0 ? $" The first that could not: {notes[0]}" : "")}", "Give a folder of pictures, or a video: --images.");
    }

    private static List<CalibrationFrame> ReadSource(SourceReference reference, int ofVideo, InputPlacement placement, CancellationToken cancellation)
    {
        List<CalibrationFrame> frames = [];
        int stride = 1;
        if (reference.Kind == SourceKind.Video)
        {
            using IFrameSource whole = FrameSources.Open(reference);
            stride = (int)Math.Clamp((whole.Info.FrameCount ?? 0) / ofVideo, 1, 10_000);
        }
        using IFrameSource source = FrameSources.Open(reference, new() { FrameStride = stride });
        using Frame frame = new();
        using Letterbox letterbox = new();
        int most = reference.Kind == SourceKind.Video ? ofVideo : 1;
        while (frames.Count < most && source.TryRead(frame, cancellation)) { frames.Add(Pack(frame.Pixels, placement, letterbox)); }
        return frames;
    }

    private static CalibrationFrame Pack(Mat picture, InputPlacement placement, Letterbox letterbox)
    {
        LetterboxGeometry geometry = placement.Place(picture.Width, picture.Height);
        float[] planes = new float[3 * geometry.Width * geometry.Height];
        letterbox.Write(picture, geometry, planes);
        return new(geometry.Width, geometry.Height, Array.ConvertAll(planes, value => (byte)MathF.Round(value * 255)));
    }

    private static IEnumerable<SourceReference> Spread(SourceReference[] all, int most) => all.Length <= most ? all : Enumerable.Range(0, most).Select(i => all[(int)((long)i * all.Length / most)]);
}
