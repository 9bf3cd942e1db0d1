using BenchmarkDotNet.Attributes;
using OpenVocab.Bundles;
using OpenVocab.Prompts;

namespace OpenVocab.Benchmarks;

/// <summary>Setting 80 classes: words that were never asked for before, tokenized and embedded; and words that are known.</summary>
public class TextBenchmark
{
    private const int Classes = 80;

    // A bundle with a text encoder in this variable takes the place of the embedded one.
    private readonly Detector _detector = Detector.Load(new DetectorOptions { TextEncoder = Environment.GetEnvironmentVariable("OPENVOCAB_TEXT_ENCODER") });
    private string[] _words = [];
    // Somewhere else in each process: what was asked for before lies in a cache on disk.
    private long _next = Random.Shared.NextInt64(1L << 40);

    [GlobalSetup]
    public void Setup() => _words = [.. File.ReadLines(ModelBundle.OpenDefault().Require(BundleRoles.KnownWords).Path).Where(word => word.Length > 2)];

    [Benchmark(Baseline = true, Description = "80 classes that are new")]
    public Vocabulary New() => _detector.Encode(PromptSet.Of(Enumerable.Range(0, Classes).Select(_ => NextPair())));

    // There are a hundred million pairs.
    private string NextPair()
    {
        long number = _next++;
        return $"{_words[number % _words.Length]} {_words[(number / _words.Length + 7 * number) % _words.Length]}";
    }

    [Benchmark(Description = "80 classes that were asked for before")]
    public Vocabulary Known() => _detector.Encode(PromptSet.Of(_words.Take(Classes)));

    [GlobalCleanup]
    public void Cleanup() => _detector.Dispose();
}
