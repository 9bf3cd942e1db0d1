using System.CommandLine;
using OpenVocab.Counting;
using OpenVocab.Pipelines;

namespace OpenVocab.Cli.Options;

/// <summary>Following things from frame to frame, and counting them.</summary>
internal sealed class TrackingOptions
{
    internal Option<bool> Track { get; } = new("--track") { Description = "Follow things from frame to frame: each gets a number, and a trail in the picture." };

    internal Option<string[]> Lines { get; } = new("--count-line")
    {
        Description = "Count who crosses a line, in pixels: x1,y1,x2,y2, or NAME=x1,y1,x2,y2. Drawn from left to right, downwards is \"in\". Repeatable; tracks.",
        HelpName = "LINE",
    };

    internal Option<string[]> Zones { get; } = new("--zone")
    {
        Description = "Count who is in a polygon and for how long, in pixels: x1,y1,x2,y2,x3,y3…, or NAME=…. Repeatable; tracks.",
        HelpName = "CORNERS",
    };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Track, Lines, Zones]) { command.Options.Add(option); }
    }

    /// <summary>What was asked for; lines and zones without a name get one.</summary>
    internal FollowSettings Read(ParseResult parsed)
    {
        List<CountRegion> regions = [];
        foreach (string text in parsed.GetValue(Lines) ?? []) { regions.Add(CountRegion.ParseLine(text, $"line {regions.Count + 1}")); }
        int lines = regions.Count;
        foreach (string text in parsed.GetValue(Zones) ?? []) { regions.Add(CountRegion.ParseZone(text, $"zone {regions.Count - lines + 1}")); }
        return new() { Track = parsed.GetValue(Track) ? new() : null, Regions = regions };
    }
}
