using MQTTnet;
using MQTTnet.Protocol;
using OpenVocab.Media;

namespace OpenVocab.Server.Events;

/// <summary>Publishes each event as JSON to a broker (MQTT 3.1.1), topic <c>prefix/stream/class</c>, at least once. Connects when there is something to say, and again when it was cut off.</summary>
internal sealed class MqttTarget : IEventTarget
{
    private const string DefaultPrefix = "openvocab";

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly MqttClientOptions _options;
    private readonly string _prefix;

    /// <param name="text"><c>mqtt://user:password@host:port/prefix</c>; <c>mqtts://</c> with TLS.</param>
    /// <exception cref="ArgumentException">It is no such address.</exception>
    internal MqttTarget(string text)
    {
        Name = Ffmpeg.Redact(text);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("mqtt" or "mqtts") || address.Host.Length == 0)
        {
            throw new ArgumentException($"{Name}: this is no address of an MQTT broker; write mqtt://host, mqtt://host:1883/prefix, or mqtts:// for TLS.");
        }
        bool secure = address.Scheme == "mqtts";
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder().WithTcpServer(address.Host, address.Port > 0 ? address.Port : secure ? 8883 : 1883)
            .WithClientId($"openvocab-{Guid.NewGuid():N}").WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V311).WithCleanSession();
        if (secure) { builder = builder.WithTlsOptions(tls => tls.UseTls()); }
        if (address.UserInfo.Length > 0)
        {
            string[] parts = address.UserInfo.Split(':', 2);
            builder = builder.WithCredentials(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }
        _options = builder.Build();
        string prefix = Uri.UnescapeDataString(address.AbsolutePath).Trim('/');
        _prefix = prefix.Length > 0 ? prefix : DefaultPrefix;
        if (_prefix.AsSpan().ContainsAny('+', '#', '\0')) { throw new ArgumentException($"{Name}: a topic cannot contain + or #."); }
    }

    public string Name { get; }

    public async Task SendAsync(PresenceEvent happened, byte[] json, CancellationToken cancellationToken)
    {
        if (!_client.IsConnected) { await _client.ConnectAsync(_options, cancellationToken).ConfigureAwait(false); }
        MqttApplicationMessage message = new MqttApplicationMessageBuilder()
            .WithTopic($"{_prefix}/{Level(happened.Source)}/{Level(happened.Class)}").WithPayload(json).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        MqttClientPublishResult result = await _client.PublishAsync(message, cancellationToken).ConfigureAwait(false);
        if (!result.IsSuccess) { throw new InvalidOperationException($"the broker answered {result.ReasonCode} {result.ReasonString}"); }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected) { await _client.DisconnectAsync().ConfigureAwait(false); }
        _client.Dispose();
    }

    // One level of a topic: what would divide it, or stand for others, does neither.
    private static string Level(string text) => string.Concat(text.Select(letter => letter is '/' or '+' or '#' or '\0' ? '_' : letter));
}
