using OpenVocab;
using OpenVocab.Search;

// Once: every frame is looked at, things are followed, and what they look like is kept. Again: only what is new or has changed.
using (VideoIndexer indexer = VideoIndexer.Load())
{
    VideoIndexReport report = await indexer.RunAsync("street.index", args[0]);
    Console.WriteLine($"{report.Frames} frames, {report.Things} things, {report.Unchanged} unchanged");
}

// Later, and for any words: no frame is looked at again.
using var detector = Detector.Load();
using var index = VideoIndex.Open("street.index", detector);
foreach (VideoAnswer answer in index.Ask("person", "red backpack").Take(5))
{
    Console.WriteLine($"{answer.Words} {answer.Score:P0}: {answer.From:h\\:mm\\:ss} to {answer.To:h\\:mm\\:ss}, best at {answer.BestTime:h\\:mm\\:ss} in {answer.Box}");
}
