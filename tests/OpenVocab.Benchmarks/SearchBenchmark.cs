using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using OpenVocab.Prompts;
using OpenVocab.Search;

namespace OpenVocab.Benchmarks;

/// <summary>
/// The 20 nearest of a million vectors of 512 numbers, 10,000 different ones again and again, all looked at. The others get the memory as they like it best, in one array, and find the best one only: what is timed is the
/// inner products. Needs 4 GB.
/// </summary>
[MemoryDiagnoser]
public class SearchBenchmark
{
    private const int Rows = 1_000_000, Dimensions = 512, Different = 10_000;

    private readonly VectorTable _table = new(Dimensions);
    private readonly Half[] _halves = new Half[Rows * Dimensions];
    private readonly float[] _query = new float[Dimensions];
    private float[] _floats = [];

    [GlobalSetup]
    public void Setup()
    {
        float[] row = new float[Dimensions];
        for (int i = 0; i < Rows; i++)
        {
            if (i < Different) { Fill(row, i + 1); }
            else { TensorPrimitives.ConvertToSingle(_halves.AsSpan(i % Different * Dimensions, Dimensions), row); }
            TensorPrimitives.ConvertToHalf(row, _halves.AsSpan(i * Dimensions, Dimensions));
            _table.TryAdd(i, _halves.AsSpan(i * Dimensions, Dimensions));
        }
        Fill(_query, 0);
    }

    [GlobalSetup(Target = nameof(Floats))]
    public void SetupFloats()
    {
        _floats = new float[Rows * Dimensions];
        for (int i = 0; i < Different; i++) { Fill(_floats.AsSpan(i * Dimensions, Dimensions), i + 1); }
        for (int i = Different; i < Rows; i++) { _floats.AsSpan(i % Different * Dimensions, Dimensions).CopyTo(_floats.AsSpan(i * Dimensions)); }
        Fill(_query, 0);
    }

    [Benchmark(Baseline = true, Description = "halves, a plain loop")]
    public float Plain() => Best((rows, query) =>
    {
        float sum = 0;
        for (int i = 0; i < rows.Length; i++) { sum += (float)rows[i] * query[i]; }
        return sum;
    });

    [Benchmark(Description = "halves, TensorPrimitives.ConvertToSingle and Dot")]
    public float Converted()
    {
        float[] row = new float[Dimensions];
        return Best((rows, query) =>
        {
            TensorPrimitives.ConvertToSingle(rows, row);
            return TensorPrimitives.Dot<float>(row, query);
        });
    }

    [Benchmark(Description = "floats (twice the memory), TensorPrimitives.Dot")]
    public float Floats()
    {
        float best = float.MinValue;
        for (int i = 0; i < Rows; i++) { best = Math.Max(best, TensorPrimitives.Dot<float>(_floats.AsSpan(i * Dimensions, Dimensions), _query)); }
        return best;
    }

    [Benchmark(Description = "HalfDot, one thread")]
    public float OneThread()
    {
        float[] scaled = new float[Dimensions];
        TensorPrimitives.Multiply(_query, HalfDot.Scale, scaled);
        return Best((rows, _) => HalfDot.Of(rows, scaled));
    }

    [Benchmark(Description = "OpenVocab: VectorTable, all cores, the best 20")]
    public float OpenVocab() => _table.Search(_query, 20)[0].Score;

    private delegate float Product(ReadOnlySpan<Half> row, ReadOnlySpan<float> query);

    private float Best(Product product)
    {
        float best = float.MinValue;
        for (int i = 0; i < Rows; i++) { best = Math.Max(best, product(_halves.AsSpan(i * Dimensions, Dimensions), _query)); }
        return best;
    }

    private static void Fill(Span<float> row, int seed)
    {
        Random random = new(seed);
        foreach (ref float value in row) { value = random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f; }
        UnitVector.Normalize(row);
    }
}
