using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OpenVocab.Server;

/// <summary>The whole server as a program: the API, the page, metrics, the description of the API, and limits against those who mean no good.</summary>
public static class OpenVocabServer
{
    private static readonly string[] s_meters = ["OpenVocab", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <summary>Makes the server; it is not started yet.</summary>
    /// <param name="address">Where it listens. Other addresses than loopback need a token.</param>
    /// <param name="port">0 to 65535; 0: one that is free.</param>
    /// <param name="configure">Sets the options.</param>
    /// <param name="logging">Sets where logs go; null: to the console.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds, or there is no token where one is needed.</exception>
    public static WebApplication Create(IPAddress address, int port, Action<OpenVocabOptions> configure, Action<ILoggingBuilder>? logging = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(configure);
        if (port is < 0 or > 65535) { throw new ArgumentException($"The port is {port}; it must lie between 0 and 65535.", nameof(port)); }
        // Slim: no settings from files or variables that happen to lie about decide what this server does.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        if (logging is not null) { logging(builder.Logging); }
        else { builder.Logging.AddSimpleConsole(console => console.SingleLine = true); }
        builder.Services.AddRouting();
        builder.Services.AddOpenVocab(configure);
        OpenVocabOptions options = (OpenVocabOptions)builder.Services.First(service => service.ServiceType == typeof(OpenVocabOptions)).ImplementationInstance!;
        if (!IPAddress.IsLoopback(address) && options.Token is null)
        {
            throw new ArgumentException($"The server would listen on {address}, where others can reach it: that needs a token.");
        }
        builder.Services.AddOpenApi(api => api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "OpenVocab", Version = "v1", Description = "Finds things in pictures and live streams that are named in words." };
            return Task.CompletedTask;
        }));
        builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("openvocab")).WithMetrics(metrics => metrics.AddMeter(s_meters).AddPrometheusExporter());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 1000;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 10 * 1024, gracePeriod: TimeSpan.FromSeconds(10));
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        WebApplication app = builder.Build();
        app.UseOpenVocab();
        app.MapOpenVocab();
        app.MapOpenApi("/openapi.json");
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }
}
