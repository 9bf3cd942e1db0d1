using System.CommandLine;
using OpenVocab.Prompts;
using OpenVocab.Search;

namespace OpenVocab.Cli.Options;

/// <summary>The options of <c>openvocab index</c>.</summary>
internal sealed class IndexCommandOptions
{
    private readonly DetectionOptions _detection = new();

    internal Argument<string[]> Sources { get; } = new("source")
    {
        Description = "Videos, pictures, folders, patterns (\"**/*.mp4\"), list files (.txt, a path a line).",
        Arity = ArgumentArity.OneOrMore,
    };

    internal Option<string> Output { get; } = new("--output", "-o") { Description = "File of the index; sources that are in it and have not changed are not looked at again.", HelpName = "FILE", Required = true };

    internal Option<string?> Guide { get; } = new("--guide")
    {
        Description = "Broad words that guide the detector, between commas, or a file of them: what fits none of them at all is not kept. Not what can be asked later. Default: the model's own vocabulary.",
        HelpName = "WORDS",
    };

    internal Option<float> Confidence { get; } = new("--conf") { Description = "What is kept has a score above this for one of the guiding words, 0 to 1.", DefaultValueFactory = _ => 0.1f, HelpName = "SCORE" };

    internal Option<int> Stride { get; } = new("--vid-stride", "--stride") { Description = "Of every so many frames of a video look at the last.", DefaultValueFactory = _ => 1, HelpName = "N" };

    internal Option<int> Views { get; } = new("--views") { Description = "The most views of a thing that are kept, 1 to 64.", DefaultValueFactory = _ => new VideoIndexOptions().Views, HelpName = "N" };

    internal Option<long?> MaxPixels { get; } = new("--max-pixels") { Description = "Allow pictures with more pixels than 50000000.", HelpName = "N" };

    internal Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No progress and no summary; errors only." };

    internal void AddTo(Command command)
    {
        UnknownOptions.Refuse(command, Sources);
        command.Arguments.Add(Sources);
        foreach (Option option in (Option[])[Output, Guide, Confidence, Stride, Views]) { command.Options.Add(option); }
        _detection.AddModelTo(command);
        foreach (Option option in (Option[])[MaxPixels, Quiet]) { command.Options.Add(option); }
    }

    internal VideoIndexOptions Read(ParseResult parsed) => new()
    {
        Guide = parsed.GetValue(Guide) is { } words ? File.Exists(words) ? PromptFile.Read(words) : PromptSet.Parse(words) : null,
        MinScore = OptionRange.Check("--conf", (float?)parsed.GetValue(Confidence))!.Value,
        FrameStride = OptionRange.Check("--vid-stride", parsed.GetValue(Stride), 1, 10_000),
        Views = OptionRange.Check("--views", parsed.GetValue(Views), 1, 64),
        Detector = _detection.ReadDetectorOptions(parsed),
        Limits = PixelLimit.Read(MaxPixels, parsed),
    };

    /// <summary>Path of the model, or null for the one that comes with OpenVocab.</summary>
    internal string? ReadModel(ParseResult parsed) => _detection.ReadModel(parsed);
}
