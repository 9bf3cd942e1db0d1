using System.Collections.Concurrent;
using MQTTnet;

namespace OpenVocab.Server.Tests.Events;

/// <summary>Hears what a broker publishes.</summary>
internal sealed class MqttSubscriber : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    internal ConcurrentQueue<(string Topic, string Payload)> Received { get; } = new();

    internal static async Task<MqttSubscriber> StartAsync(int port, string topics)
    {
        MqttSubscriber subscriber = new();
        subscriber._client.ApplicationMessageReceivedAsync += message =>
        {
            subscriber.Received.Enqueue((message.ApplicationMessage.Topic, message.ApplicationMessage.ConvertPayloadToString()));
            return Task.CompletedTask;
        };
        await subscriber._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build(), TestContext.Current.CancellationToken);
        await subscriber._client.SubscribeAsync(topics, cancellationToken: TestContext.Current.CancellationToken);
        return subscriber;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync();
        _client.Dispose();
    }
}
