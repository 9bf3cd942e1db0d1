using BenchmarkDotNet.Attributes;
using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.TestKit;

namespace OpenVocab.Benchmarks;

/// <summary>Frames of four sources that are ready together: through the network together, or one after another.</summary>
public class BatchBenchmark
{
    private readonly FrameResult[] _results = [new(), new(), new(), new()];
    private Detector _detector = null!;
    private Mat[] _pictures = [];

    [GlobalSetup]
    public void Setup()
    {
        _detector = Detector.Load(new DetectorOptions { ImageSize = new(512), BatchSize = 4 });
        _detector.SetClasses("person", "car");
        using Mat picture = ImageFile.Read(RepositoryFiles.Get("samples", "media", "dogs.jpg"));
        _pictures = [.. Enumerable.Range(0, 4).Select(_ => picture.Resize(new Size(768, 576)))];
    }

    [Benchmark(Baseline = true)]
    public void OneAfterAnother()
    {
        for (int i = 0; i < _pictures.Length; i++) { _detector.Detect(_pictures[i], _detector.Vocabulary, _results[i]); }
    }

    [Benchmark]
    public void Together() => _detector.Detect(_pictures, _detector.Vocabulary, _results);

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (Mat picture in _pictures) { picture.Dispose(); }
        _detector.Dispose();
    }
}
