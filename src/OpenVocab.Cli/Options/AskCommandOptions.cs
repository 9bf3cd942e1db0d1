using System.CommandLine;
using OpenVocab.Cli.Terminal;
using OpenVocab.Models;
using OpenVocab.Prompts;
using OpenVocab.Search;

namespace OpenVocab.Cli.Options;

/// <summary>The options of <c>openvocab ask</c>.</summary>
internal sealed class AskCommandOptions
{
    private const double LongestAround = 3600;

    private readonly DetectionOptions _detection = new();

    internal Argument<string> Index { get; } = new("index") { Description = "File that openvocab index has made." };

    internal Argument<string[]> Words { get; } = new("words")
    {
        Description = "What to look for: \"red backpack\" person. Each is asked for itself; a colon sets a threshold: \"person:0.4\".",
        Arity = ArgumentArity.OneOrMore,
    };

    internal Option<string[]> Not { get; } = new("--not") { Description = "Leave out what fits these words better; may be given several times.", HelpName = "WORDS" };

    internal Option<float?> Confidence { get; } = new("--conf") { Description = "Scores must be greater, 0 to 1. Default: the model's (0.25).", HelpName = "SCORE" };

    internal Option<int> Top { get; } = new("--top", "-k") { Description = $"The most answers, 1 to {AskOptions.MostAnswers}.", DefaultValueFactory = _ => new AskOptions().Count, HelpName = "N" };

    internal Option<string?> Clips { get; } = new("--clips") { Description = "Cut the part of the video where it is seen, an mp4 an answer, into this folder (needs ffmpeg).", HelpName = "FOLDER" };

    internal Option<double> Around { get; } = new("--seconds-around") { Description = "What a clip shows before and after.", DefaultValueFactory = _ => 1, HelpName = "S" };

    internal Option<string?> Thumbnails { get; } = new("--thumbnails") { Description = "Write the frame where it fits best, with its box, a picture an answer, into this folder.", HelpName = "FOLDER" };

    internal Option<string?> Sheet { get; } = new("--sheet") { Description = "Write the answers as one picture (.jpg, .png …).", HelpName = "FILE" };

    internal Option<string?> Page { get; } = new("--html") { Description = "Write the answers as a web page in one file.", HelpName = "FILE" };

    internal Option<string?> JsonLines { get; } = new("--jsonl") { Description = "Write a JSON object an answer; - for standard output.", HelpName = "FILE" };

    internal Option<long?> MaxPixels { get; } = new("--max-pixels") { Description = "Allow pictures with more pixels than 50000000.", HelpName = "N" };

    internal Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No table; errors and notices only." };

    internal void AddTo(Command command)
    {
        UnknownOptions.Refuse(command, Words);
        command.Arguments.Add(Index);
        command.Arguments.Add(Words);
        _detection.Model.Description = "The model that the index was made with, if it lies elsewhere now. Default: what the index remembers.";
        foreach (Option option in (Option[])[Not, Confidence, Top, Clips, Around, Thumbnails, Sheet, Page, JsonLines, _detection.Model, _detection.TextEncoder, MaxPixels, Quiet]) { command.Options.Add(option); }
    }

    internal PromptSet ReadWords(ParseResult parsed) => new(
        parsed.GetRequiredValue(Words).SelectMany(PromptLine.Split).Select(PromptLine.ParseClass), (parsed.GetValue(Not) ?? []).SelectMany(PromptLine.Split));

    internal AskOptions ReadOptions(ParseResult parsed) => new()
    {
        MinScore = OptionRange.Check("--conf", parsed.GetValue(Confidence)),
        Count = OptionRange.Check("--top", parsed.GetValue(Top), 1, AskOptions.MostAnswers),
    };

    internal TimeSpan ReadAround(ParseResult parsed) => TimeSpan.FromSeconds(OptionRange.Check("--seconds-around", parsed.GetValue(Around), 0, LongestAround));

    internal DetectorOptions ReadDetectorOptions(ParseResult parsed) => new() { TextEncoder = parsed.GetValue(_detection.TextEncoder) is { } encoder ? PulledModels.Resolve(encoder) : null };

    /// <summary>Path of the model: the one that is named, or what the index remembers; null for the one that comes with OpenVocab.</summary>
    /// <exception cref="ModelException">It is not there.</exception>
    internal string? ReadModel(ParseResult parsed, EmbeddingModel model)
    {
        if (parsed.GetValue(_detection.Model) is not null) { return _detection.ReadModel(parsed); }
        if (model.Path is not { } path) { return null; }
        // An index may come from anywhere: what it remembers is looked for on the disks of this machine only.
        bool here = !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith(@"\\", StringComparison.Ordinal) && (Directory.Exists(path) || File.Exists(path));
        return here ? path : throw new ModelException($"The index was made with {model.Name}, which is not at {path}.", "Name the model with --model.");
    }

    /// <summary>Refuses to write over what is looked at.</summary>
    /// <exception cref="SinkException">An output is the index, or a source of an answer.</exception>
    internal void KeepApart(ParseResult parsed, string index, IEnumerable<VideoAnswer> answers)
    {
        string[] given = [.. answers.Select(answer => answer.Path).Distinct(StringComparer.Ordinal).Append(index).Select(FileIdentity.Of).OfType<string>()];
        foreach (Option<string?> option in (Option<string?>[])[Sheet, Page, JsonLines])
        {
            if (parsed.GetValue(option) is { } path && path != "-" && FileIdentity.Of(path) is { } identity && given.Contains(identity))
            {
                throw new SinkException($"{path}: this would be written over what is looked at.", $"Choose another path with {option.Name}.");
            }
        }
    }
}
