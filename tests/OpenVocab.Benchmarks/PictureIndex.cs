using System.Diagnostics;
using System.Numerics.Tensors;
using OpenVocab.Prompts;
using OpenVocab.Search;

namespace OpenVocab.Benchmarks;

/// <summary>Makes an index with generated vectors of 512 numbers, as a file, and times what a program that asks it waits for.</summary>
internal static class PictureIndex
{
    private const int Dimensions = 512, AtOnce = 10_000, Queries = 50;

    internal static void Measure(string path, int pictures)
    {
        float[] query = new float[Dimensions];
        Fill(query, -1);
        if (!File.Exists(path))
        {
            long start = Stopwatch.GetTimestamp();
            using SqliteStore store = SqliteStore.OpenOrCreate(Path.GetFullPath(path), new("generated", new string('0', 64), Dimensions));
            store.BeginUpdate();
            store.SetFolder("/pictures");
            foreach (int[] some in Enumerable.Range(0, pictures).Chunk(AtOnce)) { store.Apply([.. some.Select(Picture)], []); }
            store.EndUpdate();
            Say("written", start);
        }
        Console.WriteLine($"{new FileInfo(path).Length / 1e6:0.0} MB");
        long opening = Stopwatch.GetTimestamp();
        using SqliteStore index = SqliteStore.Open(Path.GetFullPath(path), writable: false);
        Say("opened", opening);
        long loading = Stopwatch.GetTimestamp();
        index.Search(query, 20);
        Say("first query, which loads the vectors", loading);
        List<double> times = [];
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        for (int i = 0; i < Queries; i++)
        {
            long asking = Stopwatch.GetTimestamp();
            index.Search(query, 20);
            times.Add(Stopwatch.GetElapsedTime(asking).TotalMilliseconds);
        }
        // On a machine that others use as well, this is what can be compared.
        double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / Queries;
        times.Sort();
        Console.WriteLine(Invariant($"further queries: median {times[Queries / 2]:0.0} ms, least {times[0]:0.0} ms; {processor:0.0} ms of processor time, all cores together"));
        Console.WriteLine($"{Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB of memory at the peak");
        long known = Stopwatch.GetTimestamp();
        Console.WriteLine($"{index.ReadKnown().Count} names");
        Say("names read, as an update does", known);
    }

    private static StoredPicture Picture(int number)
    {
        float[] row = new float[Dimensions];
        Fill(row, number);
        Half[] vector = new Half[Dimensions];
        TensorPrimitives.ConvertToHalf(row, vector);
        return new(Invariant($"{number / 1000:0000}/IMG_{number:0000000}.jpg"), new(3_000_000 + number, 638_000_000_000_000_000 + number), vector, null);
    }

    private static void Fill(float[] row, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < row.Length; i++) { row[i] = random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f; }
        UnitVector.Normalize(row);
    }

    private static void Say(string what, long start) => Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms  {what}");
}
