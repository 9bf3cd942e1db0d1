using System.CommandLine;
using OpenVocab.Clip;
using OpenVocab.Models;
using OpenVocab.Prompts;

namespace OpenVocab.Cli.Options;

/// <summary>A second opinion about detections, by CLIP.</summary>
internal sealed class VerifyOptions
{
    internal Option<string?> Verify { get; } = new("--verify")
    {
        Description = "A CLIP (bundle, or name of a pulled model) that says how probable it finds each detection among all classes; the number goes into the JSON lines. Takes a picture of CLIP for each detection.",
        HelpName = "BUNDLE",
    };

    internal Option<float?> Threshold { get; } = new("--verify-threshold") { Description = "With --verify: detections that are less probable are dropped and counted, 0 to 1. Default: all stay.", HelpName = "P" };

    internal Option<string?> Against { get; } = new("--verify-against") { Description = "With --verify: what else a box may show, between commas: \"shadow, tree\". Needed where one class is looked for.", HelpName = "WORDS" };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Verify, Threshold, Against]) { command.Options.Add(option); }
        command.Validators.Add(result =>
        {
            if (result.GetResult(Verify) is not null) { return; }
            foreach (Option option in (Option[])[Threshold, Against])
            {
                if (result.GetResult(option) is not null) { result.AddError($"{option.Name} needs --verify, which names a CLIP."); }
            }
        });
    }

    /// <summary>What was asked for; null where nothing is verified.</summary>
    /// <exception cref="ArgumentException">The threshold is out of its bounds.</exception>
    /// <exception cref="PromptException">The words cannot be used.</exception>
    internal VerifierOptions? Read(ParseResult parsed) => parsed.GetValue(Verify) is null ? null : new()
    {
        MinProbability = OptionRange.Check("--verify-threshold", parsed.GetValue(Threshold)) ?? 0,
        Against = parsed.GetValue(Against) is { } words ? [.. PromptSet.Parse(words).Classes.Select(word => word.Name)] : [],
    };

    /// <summary>Loads the CLIP; null where nothing is verified.</summary>
    /// <exception cref="ModelException">It cannot be used.</exception>
    internal ClipImageEncoder? Open(ParseResult parsed, DetectorOptions detector) => parsed.GetValue(Verify) is { } model
        ? ClipImageEncoder.Load(PulledModels.Resolve(model), new() { Device = detector.Device, GpuId = detector.GpuId, Threads = detector.Threads })
        : null;
}
