using System.Diagnostics;
using OpenVocab.Pipelines;
using OpenVocab.Search;
using OpenVocab.Sources;
using OpenVocab.Sinks;

namespace OpenVocab.Benchmarks;

/// <summary>How much of what <c>predict</c> finds with words an index that was made without them finds again, and how much longer it takes to make than to detect.</summary>
internal static class AskAgreement
{
    private const float LeastOverlap = 0.5f;

    /// <summary>Names of the model's own vocabulary, words that mean the same, and narrower ones.</summary>
    private static readonly string[] s_words = ["person", "man", "woman", "pedestrian", "car", "automobile", "vehicle", "truck", "bicycle", "dog", "puppy", "cat", "bird", "horse", "chair", "sofa", "bottle", "cup", "tv", "potted plant"];

    private static readonly float[] s_least = [0.25f, 0.5f];

    internal static async Task Measure(float score, string[] sources)
    {
        string place = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            SourceReference[] files = [.. sources.SelectMany(FrameSources.Find)];
            bool videos = files.Any(source => source.Kind == SourceKind.Video);
            VideoIndexOptions options = new() { MinScore = score };
            using (VideoIndexer indexer = VideoIndexer.Load(null, options))
            {
                VideoIndexReport report = await indexer.RunAsync(place, files, null, default);
                Console.WriteLine(Invariant($"{report.Frames} frames, {report.VideoTime.TotalSeconds:0.0} s of video, {report.Things} things, {report.Views} views, {new FileInfo(place).Length} bytes"));
            }
            // In pictures one run for all words: with several labels a box, and suppression within a word, each is as it would be alone. A tracker follows boxes of one word.
            using Detector detector = Detector.Load(options.Detector with { MinScore = s_least[0], MultiLabel = !videos });
            Dictionary<float, Agreement> sums = s_least.ToDictionary(least => least, _ => new Agreement());
            foreach (string[] words in videos ? s_words[..7].Chunk(1) : [s_words])
            {
                detector.SetClasses(words);
                Collector predicted = new();
                Pipeline pipeline = Pipeline.From(files).Detect(detector).To(predicted);
                await (videos ? pipeline.Track() : pipeline).RunAsync();
                foreach (float least in s_least) { Compare(predicted, detector, place, least, sums[least]); }
            }
            foreach ((float least, Agreement sum) in sums) { Console.WriteLine(Invariant($"score above {least}: {sum}")); }
        }
        finally { File.Delete(place); }
    }

    /// <summary>The time to index against the time to detect and throw away, turn by turn, in one process.</summary>
    internal static async Task MeasureCost(string video, int turns)
    {
        VideoIndexOptions options = new();
        string place = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using Detector detector = Detector.Load(options.Detector);
        using VideoIndexer indexer = VideoIndexer.Load(null, options);
        // Processor time: on a machine that others use as well, this is what can be compared. That of ffmpeg, which decodes, is the same for both.
        TimeSpan detecting = TimeSpan.Zero, indexing = TimeSpan.Zero;
        for (int turn = 0; turn <= turns; turn++)
        {
            TimeSpan start = Process.GetCurrentProcess().TotalProcessorTime;
            PipelineReport plain = await Pipeline.From(video).Detect(detector).RunAsync();
            TimeSpan middle = Process.GetCurrentProcess().TotalProcessorTime;
            VideoIndexReport indexed = await indexer.RunAsync(place, video);
            TimeSpan end = Process.GetCurrentProcess().TotalProcessorTime;
            File.Delete(place);
            // The first turn warms up.
            if (turn == 0) { continue; }
            (detecting, indexing) = (detecting + middle - start, indexing + end - middle);
            Console.WriteLine(Invariant($"detecting {plain.Elapsed.TotalSeconds:0.00} s ({(middle - start).TotalSeconds:0.00} s of processor time), indexing {indexed.Elapsed.TotalSeconds:0.00} s ({(end - middle).TotalSeconds:0.00} s): {(end - middle) / (middle - start):0.000}"));
        }
        Console.WriteLine(Invariant($"together {indexing / detecting:0.000} of the processor time"));
    }

    private static void Compare(Collector predicted, Detector detector, string place, float least, Agreement sum)
    {
        using VideoStore store = VideoStore.Open(place, writable: false);
        SeenRegions seen = store.Load();
        List<FittingThing> fitting = RegionAsker.Ask(seen, detector.Vocabulary, detector.QueriesOf(detector.Vocabulary), detector.RegionSpace, least);
        // By their best score, as the things of the index are.
        Found[][] tracks = [.. predicted.All.GroupBy(found => (found.Path, found.Class, found.Track)).Where(track => track.Max(found => found.Score) > least).Select(track => track.ToArray())];
        ILookup<(string, int, TimeSpan), (Found Found, int Track)> at = tracks.SelectMany((track, i) => track.Select(found => (found, i))).ToLookup(each => (each.found.Path, each.found.Class, each.found.Time));
        HashSet<int>[] thingsOf = [.. tracks.Select(_ => new HashSet<int>())];
        foreach (FittingThing fit in fitting)
        {
            bool right = false;
            for (int view = seen.FirstViews[fit.Thing]; view < seen.Views.Count && seen.Views[view].Thing == fit.Thing; view++)
            {
                foreach ((_, int track) in at[(seen.Sources[seen.Things[fit.Thing].Source].Path, fit.ClassId, seen.Views[view].Time)].Where(each => each.Found.Box.Overlap(seen.Views[view].Box) >= LeastOverlap))
                {
                    thingsOf[track].Add(fit.Thing);
                    right = true;
                }
            }
            sum.Answers++;
            if (right) { sum.Right++; }
        }
        for (int track = 0; track < tracks.Length; track++)
        {
            sum.Tracks++;
            if (thingsOf[track].Count > 0) { sum.TracksFound++; }
            sum.Boxes += tracks[track].Length;
            sum.BoxesFound += tracks[track].Count(found => thingsOf[track].Any(thing => seen.Things[thing].First <= found.Time && found.Time <= seen.Things[thing].Last));
        }
    }

    /// <param name="Path">Full path.</param>
    /// <param name="Time">Of the frame.</param>
    /// <param name="Class">Of the words.</param>
    /// <param name="Track">In a picture each box is one.</param>
    /// <param name="Box">In pixels.</param>
    /// <param name="Score">Of the word.</param>
    private sealed record Found(string Path, TimeSpan Time, int Class, int Track, Box Box, float Score);

    private sealed class Agreement
    {
        internal int Tracks { get; set; }

        internal int TracksFound { get; set; }

        internal int Boxes { get; set; }

        internal int BoxesFound { get; set; }

        internal int Answers { get; set; }

        internal int Right { get; set; }

        public override string ToString() => Invariant($"of {Tracks} things of predict {TracksFound} are found again ({(double)TracksFound / Tracks:0.000}); of their {Boxes} boxes {BoxesFound} lie in the time of such a thing ({(double)BoxesFound / Boxes:0.000}); of {Answers} things that fit {Right} are things of predict ({(double)Right / Answers:0.000})");
    }

    private sealed class Collector : IResultSink
    {
        private string _path = "";

        internal List<Found> All { get; } = [];

        public void BeginSource(SourceInfo source) => _path = Path.GetFullPath(source.Path ?? source.Name);

        public void Write(Frame frame, FrameResult result) => All.AddRange(result.Detections.Select((found, i) => new Found(_path, frame.Time, found.ClassId, found.TrackId ?? i, found.Box, found.Score)));

        public void EndSource(SourceReport report)
        {
        }

        public void Complete()
        {
        }

        public void Dispose()
        {
        }
    }
}
