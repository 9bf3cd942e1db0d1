using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenVocab.Server.Events;

namespace OpenVocab.Server.Tests.Events;

public sealed class EventTargetTests : IDisposable
{
    private static readonly PresenceEvent s_event = new("front door", "red/backpack", "appeared", DateTimeOffset.UnixEpoch, 2, 0.5f, null);
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_webhook_gets_the_event_and_a_failed_one_comes_again()
    {
        List<(string Body, string? Authorization)> calls = [];
        int port = FreePort();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{port}");
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            calls.Add((await new StreamReader(request.Body).ReadToEndAsync(Stop), request.Headers.Authorization));
            return calls.Count == 1 ? Results.StatusCode(503) : Results.Ok();
        });
        await app.StartAsync(Stop);

        WebhookTarget target = new($"http://me:geheim@127.0.0.1:{port}/hook");
        Assert.DoesNotContain("geheim", target.Name, StringComparison.Ordinal);
        await using (EventQueue queue = new([target], NullLogger.Instance))
        {
            queue.Tell(s_event);
            for (int tries = 0; tries < 200 && calls.Count < 2; tries++) { await Task.Delay(50, Stop); }
        }
        Assert.Equal(2, calls.Count);
        Assert.All(calls, call => Assert.Equal("Basic " + Convert.ToBase64String("me:geheim"u8), call.Authorization));
        using JsonDocument json = JsonDocument.Parse(calls[1].Body);
        Assert.Equal(["source", "class", "event", "at", "count", "score"], json.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal("red/backpack", json.RootElement.GetProperty("class").GetString());
    }

    [Fact]
    public async Task Nobody_waits_for_a_target_that_is_away_and_what_was_given_up_is_counted()
    {
        EventQueue queue = new([new WebhookTarget($"http://127.0.0.1:{FreePort()}/")], NullLogger.Instance);
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < 1500; i++) { queue.Tell(s_event); }
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1));
        await queue.DisposeAsync();
        Assert.InRange(queue.Lost, 1400, 1500);
    }

    [Fact]
    public async Task A_broker_gets_the_event_also_after_it_was_away()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/mosquitto"), "mosquitto is not installed");
        int port = FreePort();
        await using EventQueue queue = new([new MqttTarget($"mqtt://127.0.0.1:{port}/cameras")], NullLogger.Instance);
        queue.Tell(s_event); // nobody is there yet
        using Process broker = Process.Start(new ProcessStartInfo("/usr/sbin/mosquitto", ["-p", $"{port}"]) { RedirectStandardError = true })!;
        try
        {
            await WaitForAsync(port);

            MqttSubscriber subscriber = await MqttSubscriber.StartAsync(port, "cameras/#");
            await using (subscriber)
            {
                queue.Tell(s_event with { Event = "left" });
                for (int tries = 0; tries < 200 && !subscriber.Received.Any(message => message.Payload.Contains("left", StringComparison.Ordinal)); tries++) { await Task.Delay(50, Stop); }
                Assert.All(subscriber.Received, message => Assert.Equal("cameras/front door/red_backpack", message.Topic));
                Assert.Contains(subscriber.Received, message => message.Payload.Contains("\"event\":\"left\"", StringComparison.Ordinal));
                Assert.Equal(0, queue.Lost);
            }
        }
        finally
        {
            broker.Kill();
            await broker.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("ftp://host/"), InlineData("not an address")]
    public void A_wrong_webhook_is_named(string address) => Assert.Contains("no address for a webhook", Assert.Throws<ArgumentException>(() => new WebhookTarget(address)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://host/"), InlineData("mqtt://"), InlineData("host:1883")]
    public void A_wrong_broker_is_named(string address) => Assert.Contains("no address of an MQTT broker", Assert.Throws<ArgumentException>(() => new MqttTarget(address)).Message, StringComparison.Ordinal);

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitForAsync(int port)
    {
        for (int tries = 0; tries < 100; tries++)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, Stop);
                return;
            }
            catch (SocketException) { await Task.Delay(50, Stop); }
        }
    }
}
