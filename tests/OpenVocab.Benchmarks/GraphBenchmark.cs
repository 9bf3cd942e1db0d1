using BenchmarkDotNet.Attributes;
using Microsoft.ML.OnnxRuntime;
using OpenVocab.Bundles;
using OpenVocab.Models;
using OpenVocab.TestKit;

namespace OpenVocab.Benchmarks;

/// <summary>The graph that an import writes against the one that PyTorch's exporter wrote of the same checkpoint, its words baked in: 256 x 320, 20 words. Needs the reference files.</summary>
public class GraphBenchmark : IDisposable
{
    private const int Height = 256, Width = 320, Words = 20, Dimensions = 512;

    private readonly TemporaryFolder _folder = new();
    private readonly RunOptions _options = new();
    private InferenceSession _exported = null!, _imported = null!;
    private OrtValue _images = null!, _text = null!;

    [GlobalSetup]
    public void Open()
    {
        ModelImporter.Import(Golden.Path("yolo-world", "tiny-worldv2.pt"), _folder["bundle"]);
        _exported = new(SharedFiles.Get(reason => throw new InvalidOperationException(reason), "golden", "yolo-world", "tiny-worldv2.onnx"));
        _imported = new(Path.Combine(_folder["bundle"], "detector.onnx"));
        _images = OrtValue.CreateTensorValueFromMemory(Ramp(3 * Height * Width), [1, 3, Height, Width]);
        _text = OrtValue.CreateTensorValueFromMemory(ModelBundle.Open(_folder["bundle"]).LoadDefaultVocabulary().Embeddings.ToArray(), [Words, Dimensions]);
    }

    [Benchmark(Baseline = true, Description = "PyTorch's exporter, words baked in")]
    public void Exported() => _exported.Run(_options, ["images"], [_images], ["output0"]).Dispose();

    [Benchmark(Description = "OpenVocab, words as an input")]
    public void Imported() => _imported.Run(_options, ["images", "text"], [_images, _text], ["output0"]).Dispose();

    [GlobalCleanup]
    public void Dispose()
    {
        foreach (IDisposable? owned in (IDisposable?[])[_text, _images, _imported, _exported, _options, _folder]) { owned?.Dispose(); }
        GC.SuppressFinalize(this);
    }

    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => i * 7919 % 1009 / 1009f)];
}
