using System.CommandLine;
using OpenVocab.Cli.Options;
using OpenVocab.Models;
using OpenVocab.Prompts;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab models export</c>: a detector with its words baked in, for programs that know no text input.</summary>
internal static class ModelsExportCommand
{
    internal static Command Create()
    {
        DetectionOptions detection = new();
        Option<string> output = new("--output", "-o") { Description = "The ONNX file.", HelpName = "FILE.onnx", Required = true };
        Command command = new("export", "Writes an ONNX file with the words baked in and the names in its metadata, as Ultralytics, YoloDotNet and YoloSharp read them.") { detection.Model, detection.Classes, detection.ClassesFile, detection.ImageSize, output };
        command.SetAction(parsed =>
        {
            PromptSet? prompts = detection.ReadPrompts(parsed);
            using Detector detector = detection.Open(parsed, new() { ImageSize = parsed.GetValue(detection.ImageSize) }, prompts);
            string path = parsed.GetRequiredValue(output);
            ModelExporter.Export(detector.Bundle, detector.Vocabulary, path, detector.InputSize);
            parsed.InvocationConfiguration.Error.WriteLine(Invariant($"Written: {path} ({new FileInfo(path).Length / 1e6:0.00} MB, {detector.Vocabulary.Classes.Count} classes, {detector.InputSize.Height} x {detector.InputSize.Width})"));
            return ExitCodes.Success;
        });
        return command;
    }
}
