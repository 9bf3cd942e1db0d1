using System.CommandLine;
using OpenVocab.Server.Events;

namespace OpenVocab.Cli.Options;

/// <summary>Telling others when a class appears or leaves.</summary>
internal sealed class EventOptions
{
    internal Option<string[]> Webhooks { get; } = new("--webhook") { Description = "Post an event (JSON) to this address when a class appears or leaves. Repeatable.", HelpName = "URL" };

    internal Option<string?> Mqtt { get; } = new("--mqtt") { Description = "Publish the same to a broker: mqtt://user:password@host:1883/topic, or mqtts:// with TLS.", HelpName = "URL" };

    internal Option<int> Frames { get; } = new("--appear-frames") { Description = "A class appears when it was seen in so many frames.", DefaultValueFactory = _ => 3, HelpName = "N" };

    internal Option<double> LeaveAfter { get; } = new("--leave-after") { Description = "A class has left when it was not seen for so many seconds.", DefaultValueFactory = _ => 3, HelpName = "SECONDS" };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Webhooks, Mqtt, Frames, LeaveAfter]) { command.Options.Add(option); }
    }

    internal PresenceOptions ReadPresence(ParseResult parsed) => new()
    {
        Frames = OptionRange.Check("--appear-frames", parsed.GetValue(Frames), 1, 1000),
        LeaveAfter = TimeSpan.FromSeconds(OptionRange.Check("--leave-after", parsed.GetValue(LeaveAfter), 0, 86_400)),
    };

    internal IReadOnlyList<IEventTarget> ReadTargets(ParseResult parsed)
    {
        List<IEventTarget> targets = [.. (parsed.GetValue(Webhooks) ?? []).Select(address => new WebhookTarget(address))];
        if (parsed.GetValue(Mqtt) is { } broker) { targets.Add(new MqttTarget(broker)); }
        return targets;
    }
}
