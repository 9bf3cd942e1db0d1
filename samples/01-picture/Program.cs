using OpenVocab;

using var detector = Detector.Load();              // the model that comes with the library
detector.SetClasses("dog", "cat", "teddy bear");   // words, not a training set
FrameResult result = detector.Detect(args[0]);
foreach (Detection found in result.Detections)
{
    Console.WriteLine($"{result.NameOf(found)} {found.Score:0.00} {found.Box}");
}
result.Draw().Save("picture.annotated.jpg");
if (args.Contains("--show")) { result.Show(); }    // a window, where there is a display
