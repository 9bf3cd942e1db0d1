using System.CommandLine;
using OpenVocab.Bundles;
using OpenVocab.Clip;
using OpenVocab.Models;

namespace OpenVocab.Cli.Options;

/// <summary>Which CLIP, and where it runs: the options of every command that compares pictures with words.</summary>
internal sealed class ClipModelOptions
{
    internal Option<string?> Model { get; } = new("--model")
    {
        Description = "A CLIP: folder of a bundle, name of a model that was pulled (clip-vit-b-32), or vision_model.onnx with --text-encoder. The model that comes with OpenVocab is none.",
        HelpName = "BUNDLE",
    };

    internal Option<string?> TextEncoder { get; } = new("--text-encoder") { Description = "Bundle, or name of a pulled model, whose text encoder embeds the words, for an image encoder without one. It must be of the same CLIP.", HelpName = "BUNDLE" };

    internal Option<string> Device { get; } = DetectionOptions.NewDevice();

    internal Option<int> Threads { get; } = new("--threads") { Description = "Cores that the networks may use; 0: all.", DefaultValueFactory = _ => 0, HelpName = "N" };

    internal Option<int> BatchSize { get; } = new("--batch") { Description = "Pictures that go through the network together, 1 to 256.", DefaultValueFactory = _ => new ClipOptions().BatchSize, HelpName = "N" };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Model, TextEncoder, Device, Threads, BatchSize]) { command.Options.Add(option); }
    }

    internal ClipOptions Read(ParseResult parsed) => new()
    {
        TextEncoder = parsed.GetValue(TextEncoder) is { } encoder ? PulledModels.Resolve(encoder) : null,
        Device = DetectionOptions.ToDevice(parsed.GetValue(Device)),
        Threads = OptionRange.Check("--threads", parsed.GetValue(Threads), 0, 256),
        BatchSize = OptionRange.Check("--batch", parsed.GetValue(BatchSize), 1, 256),
    };

    /// <summary>Loads the model.</summary>
    /// <exception cref="ModelException">None was named, or it is no CLIP.</exception>
    internal ClipImageEncoder Open(ParseResult parsed) => parsed.GetValue(Model) is { } model ? ClipImageEncoder.Load(PulledModels.Resolve(model), Read(parsed)) : throw new ModelException(
        $"No --model is given, and the model that comes with OpenVocab has no image encoder; it has {string.Join(", ", ModelBundle.OpenDefault().Files.Select(file => file.Role))}.",
        "Fetch a CLIP (openvocab models pull clip-vit-b-32) or make a bundle of yours (openvocab models import FOLDER -o clip), and name it with --model.");
}
