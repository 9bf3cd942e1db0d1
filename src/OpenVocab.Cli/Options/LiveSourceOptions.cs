using System.CommandLine;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Options;

/// <summary>How cameras and streams are kept alive.</summary>
internal sealed class LiveSourceOptions
{
    internal Option<double> FrameTimeout { get; } = new("--frame-timeout")
    {
        Description = "After this many seconds without a frame a camera or stream is opened anew.",
        DefaultValueFactory = _ => 5,
        HelpName = "SECONDS",
    };

    internal Option<int?> MaxRetries { get; } = new("--max-retries") { Description = "Give a camera or stream up after so many tries in a row. Default: never.", HelpName = "N" };

    internal Option<int> Stride { get; } = new("--vid-stride") { Description = "Use one of every so many frames.", DefaultValueFactory = _ => 1, HelpName = "N" };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[FrameTimeout, MaxRetries, Stride]) { command.Options.Add(option); }
    }

    internal SourceOptions Read(ParseResult parsed) => new()
    {
        FrameStride = OptionRange.Check("--vid-stride", parsed.GetValue(Stride), 1, 10_000),
        Live = new()
        {
            FrameTimeout = TimeSpan.FromSeconds(OptionRange.Check("--frame-timeout", parsed.GetValue(FrameTimeout), 0.1, 3600)),
            MaxRetries = parsed.GetValue(MaxRetries) is { } most ? OptionRange.Check("--max-retries", most, 0, 1_000_000) : null,
        },
    };
}
