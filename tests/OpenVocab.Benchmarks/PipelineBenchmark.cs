using BenchmarkDotNet.Attributes;
using OpenVocab.Bundles;
using OpenVocab.Inference;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.TestKit;

namespace OpenVocab.Benchmarks;

/// <summary>
/// A video file of 1920 × 1080 from its bytes to JSON lines, against the bare network as often as there are frames: what reading, preparing, decoding and writing add that the network does
/// not hide. The network has all cores; the pipeline gives them to one frame, or one to each of several frames.
/// </summary>
public class PipelineBenchmark
{
    private const int Frames = 200, Width = 512, Height = 320;

    private readonly TemporaryFolder _folder = new();
    private readonly Detector _one = Load(1), _several = Load(Environment.ProcessorCount);
    private string _video = "";
    private DetectorModel? _model;
    private InferenceSlot _slot = null!;
    private Vocabulary _vocabulary = Vocabulary.Empty;
    private float[] _text = [];

    private static Detector Load(int frames) => Detector.Load(new DetectorOptions { ParallelFrames = frames, Precision = ExecutionPrecision.Full });

    [GlobalSetup]
    public void Setup()
    {
        _video = TestVideos.Make(_folder["street.mp4"], ["-i", RepositoryFiles.Get("samples", "media", "pedestrians.mp4")], "-vf", "scale=1920:1080", "-pix_fmt", "yuv420p", "-preset", "veryfast", "-an");
        _vocabulary = _one.SetClasses("person", "car");
        _text = _vocabulary.Embeddings.ToArray();
        _model = new DetectorModel(ModelBundle.OpenDefault().Require(BundleRoles.Detector).Path, DeviceSettings.Processor);
        _slot = _model.Rent();
        _slot.PixelsFor(Width, Height, 1).Fill(0.5f);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Frames, Description = "the network alone")]
    public void Network()
    {
        for (int i = 0; i < Frames; i++) { _slot.Run(_text, _vocabulary.Rows); }
    }

    [Benchmark(OperationsPerInvoke = Frames, Description = "the whole pipeline, to JSON lines, frame by frame")]
    public Task<long> FrameByFrame() => RunAsync(_one);

    [Benchmark(OperationsPerInvoke = Frames, Description = "the whole pipeline, to JSON lines, a frame a core")]
    public Task<long> FrameACore() => RunAsync(_several);

    private async Task<long> RunAsync(Detector detector)
    {
        PipelineReport report = await Pipeline.From(_video).Detect(detector, _vocabulary).To(new JsonLinesSink(Stream.Null)).RunAsync();
        return report.Frames == Frames ? report.Frames : throw new InvalidOperationException($"{report.Frames} frames came out of {Frames}.");
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _model?.Return(_slot);
        _model?.Dispose();
        _one.Dispose();
        _several.Dispose();
        _folder.Dispose();
    }
}
