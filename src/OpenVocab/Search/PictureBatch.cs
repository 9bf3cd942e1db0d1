using System.Numerics.Tensors;
using OpenCvSharp;
using OpenVocab.Imaging;

namespace OpenVocab.Search;

/// <summary>Decodes pictures by all cores, and embeds them together. Owns the decoded pictures.</summary>
/// <remarks>Not safe for two threads at once.</remarks>
internal sealed class PictureBatch(string folder, IPictureEmbedder embedder, ImageLimits? limits) : IDisposable
{
    // What waits for the network is bounded by number and by memory: three bytes a pixel.
    private const int MostPictures = 16;
    private const long MostPixels = 64_000_000;

    private readonly List<(FoundPicture File, Mat Picture)> _decoded = [];
    private readonly List<StoredPicture> _written = [];

    /// <summary>Pictures that could not be read since the last <see cref="Take"/>.</summary>
    internal List<UnreadPicture> Failed { get; } = [];

    internal bool IsFull => _decoded.Count >= MostPictures || _decoded.Sum(each => each.Picture.Total()) >= MostPixels;

    /// <summary>Decodes pictures, each on a core; their order stays.</summary>
    internal void Decode(IReadOnlyList<FoundPicture> files)
    {
        Mat?[] pictures = new Mat?[files.Count];
        SourceException?[] faults = new SourceException?[files.Count];
        try
        {
            Parallel.For(0, files.Count, i =>
            {
                try { pictures[i] = NativeCount.Track(ImageFile.Read(PictureName.In(folder, files[i].Name), limits)); }
                catch (SourceException fault) { faults[i] = fault; }
            });
        }
        finally
        {
            for (int i = 0; i < pictures.Length; i++)
            {
                if (pictures[i] is { } picture) { _decoded.Add((files[i], picture)); }
            }
        }
        for (int i = 0; i < faults.Length; i++)
        {
            if (faults[i] is { } fault) { Fail(files[i], fault); }
        }
    }

    /// <summary>Embeds what was decoded.</summary>
    /// <returns>What is to be written. The batch is empty then.</returns>
    internal IReadOnlyList<StoredPicture> Take()
    {
        float[][] vectors = _decoded.Count == 0 ? [] : embedder.Embed([.. _decoded.Select(each => each.Picture)]);
        for (int i = 0; i < vectors.Length; i++)
        {
            if (vectors[i].Length != embedder.Model.Dimensions || !(Math.Abs(TensorPrimitives.Norm<float>(vectors[i]) - 1) < 0.001f))
            {
                throw new ModelException($"{embedder.Model.Name}: for a picture it gave {vectors[i].Length} numbers of length {Invariant($"{TensorPrimitives.Norm<float>(vectors[i])}")}; a unit vector of {embedder.Model.Dimensions} is needed.", "Normalize the network's output.");
            }
            Half[] vector = new Half[vectors[i].Length];
            TensorPrimitives.ConvertToHalf(vectors[i], vector);
            _written.Add(new(_decoded[i].File.Name, _decoded[i].File.Stamp, vector, null));
        }
        StoredPicture[] written = [.. _written];
        Dispose();
        _written.Clear();
        Failed.Clear();
        return written;
    }

    /// <summary>Frees the decoded pictures.</summary>
    public void Dispose()
    {
        foreach ((_, Mat picture) in _decoded) { NativeCount.Release(picture); }
        _decoded.Clear();
    }

    private void Fail(FoundPicture file, SourceException fault)
    {
        Failed.Add(new(PictureName.In(folder, file.Name), fault.Message));
        // Only what lies in the file itself is remembered: rights and limits are another time's.
        if (fault.Fault is SourceFault.Damaged or SourceFault.Unsupported) { _written.Add(new(file.Name, file.Stamp, null, fault.Message)); }
    }
}
