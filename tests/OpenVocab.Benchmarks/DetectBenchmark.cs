using BenchmarkDotNet.Attributes;
using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Imaging;
using OpenVocab.Inference;
using OpenVocab.TestKit;

namespace OpenVocab.Benchmarks;

/// <summary>A whole frame against the bare network on the same input, and what a frame allocates.</summary>
[MemoryDiagnoser]
public class DetectBenchmark
{
    private readonly Mat _picture = ImageFile.Read(RepositoryFiles.Get("samples", "media", "pedestrians-frame-0120.jpg"));
    private readonly FrameResult _result = new();
    private readonly Detector _detector = Detector.Load(new DetectorOptions { Threads = 1, MinimalRectangle = false });
    private readonly float[] _text = ModelBundle.OpenDefault().LoadDefaultVocabulary().Embeddings.ToArray();
    private DetectorModel? _model;
    private InferenceSlot _slot = null!;

    [GlobalSetup]
    public void Setup()
    {
        _model = new DetectorModel(ModelBundle.OpenDefault().Require(BundleRoles.Detector).Path, new(ExecutionDevice.Cpu, 1));
        _slot = _model.Rent();
        _slot.PixelsFor(512, 512, 1).Fill(0.5f);
    }

    [Benchmark(Baseline = true, Description = "the network alone")]
    public void Network() => _slot.Run(_text, Vocabulary80);

    [Benchmark(Description = "Detect(Mat, FrameResult)")]
    public int Reused()
    {
        _detector.Detect(_picture, _result);
        return _result.Detections.Count;
    }

    [Benchmark(Description = "Detect(Mat)")]
    public FrameResult New() => _detector.Detect(_picture);

    [GlobalCleanup]
    public void Cleanup()
    {
        _model?.Return(_slot);
        _model?.Dispose();
        _detector.Dispose();
        _picture.Dispose();
    }

    private const int Vocabulary80 = 80;
}
