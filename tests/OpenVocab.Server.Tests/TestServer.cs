using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenVocab.Server.Tests;

/// <summary>The real server on a free port of loopback.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
        Client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address };
    }

    internal Uri Address { get; }

    internal HttpClient Client { get; }

    internal static async Task<TestServer> StartAsync(Action<OpenVocabOptions>? configure = null)
    {
        WebApplication app = OpenVocabServer.Create(IPAddress.Loopback, 0, options =>
        {
            options.Detector = new() { ImageSize = new(320) };
            configure?.Invoke(options);
        }, logging => logging.SetMinimumLevel(LogLevel.None));
        await app.StartAsync();
        return new(app, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
