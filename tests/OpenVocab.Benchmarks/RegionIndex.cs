using System.Diagnostics;
using System.Numerics.Tensors;
using OpenVocab.Prompts;
using OpenVocab.Search;
using OpenVocab.Sources;

namespace OpenVocab.Benchmarks;

/// <summary>Makes an index of videos with generated regions, as a file, and times what a program that asks it waits for.</summary>
internal static class RegionIndex
{
    private const int ViewsOfThing = 4, ThingsOfSource = 5_000, Questions = 30;

    internal static void Measure(string path, int views)
    {
        using Detector detector = Detector.Load();
        RegionSpace space = detector.RegionSpace;
        if (!File.Exists(path))
        {
            long start = Stopwatch.GetTimestamp();
            using VideoStore store = VideoStore.OpenOrCreate(Path.GetFullPath(path), VideoIndexer.ModelOf(detector, space, null), space.Form);
            store.BeginUpdate();
            int things = views / ViewsOfThing;
            for (int first = 0; first < things; first += ThingsOfSource)
            {
                long source = store.Begin(new($"/videos/{first:0000000}.mp4", SourceKind.Video, new(new(1, 1), ""), "", "fp32", 1280, 720));
                for (int thing = first; thing < Math.Min(things, first + ThingsOfSource); thing++) { store.Add(source, Generate(thing, space.Dimensions)); }
                store.End(source, 90_000, TimeSpan.FromHours(1), null);
                store.Commit();
            }
            store.EndUpdate();
            Say("written", start);
        }
        Console.WriteLine($"{new FileInfo(path).Length / 1e6:0.0} MB");
        using VideoIndex index = VideoIndex.Open(path, detector);
        Console.WriteLine(index.Description);
        long loading = Stopwatch.GetTimestamp();
        _ = index.Ask("person");
        Say("first question, which loads the regions", loading);
        foreach (string[] words in (string[][])[["person"], ["person", "dog", "red backpack", "bicycle"]])
        {
            List<double> times = [];
            int answers = 0;
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            for (int i = 0; i < Questions; i++)
            {
                long asking = Stopwatch.GetTimestamp();
                answers = index.Ask(PromptSet.Of(words), new()).Count;
                times.Add(Stopwatch.GetElapsedTime(asking).TotalMilliseconds);
            }
            double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / Questions;
            times.Sort();
            Console.WriteLine(Invariant($"{words.Length} words: median {times[Questions / 2]:0.0} ms, least {times[0]:0.0} ms, {processor:0.0} ms of processor time; {answers} answers"));
        }
        Console.WriteLine($"{Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB of memory at the peak");
    }

    // Of the embedded model's regions a few numbers are large (what the thing looks like) and nearly all are almost nothing. One thing in a hundred looks like the first prototype, a person.
    private static SeenThing Generate(int number, int dimensions)
    {
        Random random = new(number);
        SeenThing thing = new(number, ViewsOfThing);
        float[] region = new float[dimensions];
        for (int view = 0; view < ViewsOfThing; view++)
        {
            for (int i = 0; i < dimensions; i++) { region[i] = 0.01f * random.NextSingle(); }
            region[number % 100 == 0 ? 0 : 1 + random.Next(dimensions - 1)] = 2 * random.NextSingle();
            float x = 1000 * random.NextSingle(), y = 500 * random.NextSingle();
            thing.Add(TimeSpan.FromSeconds(number % ThingsOfSource * 0.7 + view), new(x, y, x + 80, y + 200), TensorPrimitives.Max<float>(region), region);
        }
        return thing;
    }

    private static void Say(string what, long start) => Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms  {what}");
}
