using BenchmarkDotNet.Attributes;
using OpenCvSharp;
using OpenCvSharp.Dnn;
using OpenVocab.Imaging;
using OpenVocab.TestKit;

namespace OpenVocab.Benchmarks;

/// <summary>1920 × 1080 to the network's input of 640 × 384, against the usual way with OpenCV's own functions.</summary>
[MemoryDiagnoser]
public class LetterboxBenchmark
{
    private readonly Mat _picture = TestPictures.Noise(1920, 1080);
    private readonly Letterbox _letterbox = new();
    private readonly LetterboxGeometry _geometry = LetterboxGeometry.Fit(1920, 1080, 640, 640, minimalRectangle: true, 32);
    private readonly float[] _planes = GC.AllocateUninitializedArray<float>(3 * 640 * 384, pinned: true);

    [GlobalSetup]
    public void Setup() => Cv2.SetNumThreads(1);

    [Benchmark(Baseline = true, Description = "Cv2.Resize, CopyMakeBorder, CvDnn.BlobFromImage")]
    public float OpenCv()
    {
        using Mat scaled = new();
        using Mat canvas = new();
        Cv2.Resize(_picture, scaled, new Size(_geometry.ContentWidth, _geometry.ContentHeight), 0, 0, InterpolationFlags.Linear);
        Cv2.CopyMakeBorder(scaled, canvas, _geometry.Top, _geometry.Height - _geometry.ContentHeight - _geometry.Top, 0, 0, BorderTypes.Constant, Scalar.All(114));
        using Mat blob = CvDnn.BlobFromImage(canvas, 1 / 255.0, canvas.Size(), default, swapRB: true, crop: false)!;
        return blob.At<float>(0);
    }

    [Benchmark(Description = "OpenVocab letterbox and packing")]
    public float OpenVocab()
    {
        _letterbox.Write(_picture, _geometry, _planes);
        return _planes[0];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _letterbox.Dispose();
        _picture.Dispose();
    }
}
