using OpenVocab;
using OpenVocab.Counting;
using OpenVocab.Pipelines;
using OpenVocab.Sinks;
using OpenVocab.Sources;

using var detector = Detector.Load();
detector.SetClasses("person");
using var output = Console.OpenStandardOutput();
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; stop.Cancel(); };
PipelineReport report = await Pipeline.From(args[0])                         // "rtsp://camera/1", "http://…", "0"
    .Detect(detector)
    .Track()
    .Count(new CountLine("path", start: new(0, 300), end: new(768, 300)))    // in: downwards
    .To(new JsonLinesSink(output))
    .With(new() { Source = new() { StateChanged = change => Console.Error.WriteLine($"{change.State} {change.Reason}") } })
    .RunAsync(cancellationToken: stop.Token);
SourceReport camera = report.Sources[0];
Console.Error.WriteLine($"{camera.Read} frames read = {camera.Frames} emitted + {camera.Dropped} dropped + {camera.Failed} failed");
