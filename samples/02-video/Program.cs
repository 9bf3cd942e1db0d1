using OpenVocab;
using OpenVocab.Pipelines;
using OpenVocab.Sinks;

using var detector = Detector.Load(new DetectorOptions { ParallelFrames = Environment.ProcessorCount });
detector.SetClasses("person", "backpack");
PipelineReport report = await Pipeline.From(args[0])                // a file, a folder, a pattern, a camera
    .Detect(detector)
    .To(new AnnotatedVideoSink("video.annotated.mp4"), new JsonLinesSink("video.jsonl"))
    .RunAsync();
Console.WriteLine($"{report.Frames} frames, {string.Join(", ", report.DetectionsPerClass.Select(found => $"{found.Value} {found.Key}"))}");
