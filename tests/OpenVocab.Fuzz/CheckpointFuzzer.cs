using System.Diagnostics;
using OpenVocab.Models;
using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Networks;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Fuzz;

/// <summary>What a run of the fuzzer saw.</summary>
/// <param name="Inputs">Files that were tried.</param>
/// <param name="Accepted">Of them, read without an error.</param>
/// <param name="Slowest">Time of the slowest.</param>
/// <param name="Growth">Bytes by which the process grew.</param>
/// <param name="Failure">What must not happen, and did; null: nothing did.</param>
/// <param name="Culprit">The file that did it.</param>
internal sealed record FuzzReport(int Inputs, int Accepted, TimeSpan Slowest, long Growth, string? Failure, byte[]? Culprit);

/// <summary>Feeds changed checkpoints to everything that reads them, up to the graph: each is read or refused with one of OpenVocab's own errors, in time and in bounds.</summary>
internal sealed class CheckpointFuzzer(FuzzSeeds seeds, int seed)
{
    internal static readonly TimeSpan LongestInput = TimeSpan.FromSeconds(5);
    internal const long MostGrowth = 512L * 1024 * 1024;

    private const int MemoryEvery = 500;

    /// <summary>How many of the files begin as a whole network, and as a hostile file; the others are small.</summary>
    private const double Networks = 0.01, Hostile = 0.15;

    private readonly Mutator _mutator = new(seed);

    /// <summary>Runs.</summary>
    /// <param name="inputs">How many files.</param>
    /// <param name="limit">Ends before, when this much time has passed.</param>
    /// <param name="onInput">Told of each file before it is tried, so that a crash can be traced; null: nobody is.</param>
    internal FuzzReport Run(int inputs, TimeSpan limit, Action<byte[]>? onInput = null)
    {
        long began = Stopwatch.GetTimestamp(), before = Environment.WorkingSet, growth = 0;
        (int tried, int accepted, TimeSpan slowest) = (0, 0, TimeSpan.Zero);
        while (tried < inputs && Stopwatch.GetElapsedTime(began) < limit)
        {
            byte[] input = Next();
            onInput?.Invoke(input);
            long start = Stopwatch.GetTimestamp();
            TimeSpan worked = Environment.CpuUsage.TotalTime;
            string? failure = Try(input, ref accepted);
            // On a machine that does something else the clock runs on while this process waits for its turn.
            TimeSpan passed = Stopwatch.GetElapsedTime(start), took = Environment.CpuUsage.TotalTime - worked;
            took = passed < took ? passed : took;
            slowest = took > slowest ? took : slowest;
            tried++;
            if (tried % MemoryEvery == 0) { growth = Math.Max(growth, Environment.WorkingSet - before); }
            failure ??= took > LongestInput ? $"it took {took.TotalSeconds:0.0} s" : growth > MostGrowth ? $"the process grew by {growth} bytes" : null;
            if (failure is not null) { return new(tried, accepted, slowest, growth, failure, input); }
        }
        return new(tried, accepted, slowest, growth, null, null);
    }

    // Half of the files are archives whose pickle alone was changed, with a checksum that fits again: else most would end at the checksum.
    private byte[] Next()
    {
        byte[] original = Choose();
        if (_mutator.Chance(0.5) && Unpack(original) is { } parts)
        {
            ZipAssembler zip = new();
            foreach ((string name, byte[] data) in parts) { zip.Add(name, name.EndsWith("data.pkl", StringComparison.Ordinal) ? _mutator.Mutate(data, Choose()) : data); }
            return zip.End();
        }
        return _mutator.Mutate(original, Choose());
    }

    private byte[] Choose() => _mutator.Choose(_mutator.Chance(Networks) && seeds.Networks.Count > 0 ? seeds.Networks : _mutator.Chance(Hostile) ? seeds.Hostile : seeds.Small);

    private static List<(string Name, byte[] Data)>? Unpack(byte[] archive)
    {
        if (!ZipDirectory.Looks(archive)) { return null; }
        try
        {
            using ByteSource source = ByteSource.Of(archive, "seed");
            ZipDirectory zip = ZipDirectory.Read(source);
            return [.. zip.Entries.Values.OrderBy(entry => entry.Header).Select(entry => (entry.Name, zip.ReadAll(entry, 1 << 24)))];
        }
        catch (CheckpointException) { return null; } // a hostile seed is changed as it is
    }

    private static string? Try(byte[] input, ref int accepted)
    {
        try
        {
            Read(input);
            accepted++;
            return null;
        }
        catch (OpenVocabException) { return null; }
        catch (Exception fault) { return fault.ToString(); }
    }

    private static void Read(byte[] input)
    {
        using Checkpoint checkpoint = Checkpoint.Open(ByteSource.Of(input, "fuzz"));
        GraphBuilder graph = new("fuzz", half: false);
        if (YoloWorldNetwork.Find(checkpoint) is { } detector)
        {
            CheckpointVocabulary.Read(detector, []);
            YoloWorld.Build(graph, detector, regions: true);
        }
        else if (ClipNetwork.Find(checkpoint) is { } clip)
        {
            _ = clip.Description;
            if (clip.HasText) { ClipText.Build(graph, clip, new()); }
            if (clip.HasImage) { ClipImage.Build(graph, clip, new()); }
        }
        else
        {
            foreach (StoredTensor tensor in StateDictionary.Of(checkpoint.Root).Values) { tensor.ToFloats(); }
        }
    }
}
