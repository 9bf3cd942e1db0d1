using System.CommandLine;
using System.Diagnostics;
using OpenVocab.Models;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab models import</c>: a checkpoint becomes a bundle.</summary>
internal static class ModelsImportCommand
{
    internal static Command Create()
    {
        Argument<string> file = new("FILE")
        {
            Description = "A YOLO-World of Ultralytics (.pt, v1 or v2), a CLIP of OpenAI (.pt) or Hugging Face (model.safetensors, pytorch_model.bin, or their folder), or a bundle that is to be joined with --text-encoder.",
        };
        Option<string> output = new("--output", "-o") { Description = "The bundle's folder: new, empty, or an older bundle, which is replaced.", HelpName = "DIR", Required = true };
        Option<string?> textEncoder = new("--text-encoder") { Description = "What embeds words for a detector: a CLIP's file or folder, a bundle, or the name of a model that was pulled.", HelpName = "FILE|NAME|BUNDLE" };
        Option<string?> tokenizer = new("--tokenizer") { Description = "CLIP's tokenizer: a folder, tokenizer.json, vocab.json (beside merges.txt) or bpe_simple_vocab_16e6.txt.gz. Without it, what lies beside the weights.", HelpName = "PATH" };
        Option<bool> half = new("--half") { Description = "Store weights as float16: half the size; computed in float32 on the CPU." };
        Option<bool> regions = new("--regions") { Description = "Give the detector a second output: its regions before they meet any word." };
        Command command = new("import", "Makes a bundle from a checkpoint. Needs no Python; nothing in the file is executed.") { file, output, textEncoder, tokenizer, half, regions };
        command.SetAction(parsed =>
        {
            long start = Stopwatch.GetTimestamp();
            ImportedModel made = ModelImporter.Import(parsed.GetRequiredValue(file), parsed.GetRequiredValue(output), new()
            {
                TextEncoder = parsed.GetValue(textEncoder), Tokenizer = parsed.GetValue(tokenizer), Half = parsed.GetValue(half), Regions = parsed.GetValue(regions),
            });
            Print(made, Stopwatch.GetElapsedTime(start), parsed.InvocationConfiguration.Error);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Print(ImportedModel made, TimeSpan took, TextWriter error)
    {
        error.WriteLine(made.Description);
        if (made.Classes.Count > 0) { error.WriteLine($"{made.Classes.Count} classes of its own: {string.Join(", ", made.Classes.Take(10))}{(made.Classes.Count > 10 ? " …" : "")}"); }
        foreach (string file in Directory.EnumerateFiles(made.Folder).Order(StringComparer.Ordinal)) { error.WriteLine(Invariant($"  {Path.GetFileName(file),-20} {new FileInfo(file).Length / 1e6,9:0.00} MB")); }
        foreach (string note in made.Notes) { error.WriteLine($"note: {note}"); }
        error.WriteLine(Invariant($"Made {made.Folder} in {took.TotalSeconds:0.0} s."));
    }
}
