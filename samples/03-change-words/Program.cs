using OpenVocab;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Sinks;

using var detector = Detector.Load();
detector.SetClasses("person");
using var output = Console.OpenStandardOutput();
Task run = Pipeline.From(args[0]).Detect(detector).To(new JsonLinesSink(output)).RunAsync();
while (Console.ReadLine() is { Length: > 0 } words)      // type: car, truck:0.4
{
    detector.SetClasses(PromptSet.Parse(words));         // from the next frame on; no frame is lost
}
await run;
