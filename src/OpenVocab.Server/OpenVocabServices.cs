using Microsoft.AspNetCore.RateLimiting;
using OpenVocab.Pipelines;
using OpenVocab.Server.Access;
using OpenVocab.Server.Endpoints;
using OpenVocab.Server.Streams;

namespace OpenVocab.Server;

/// <summary>OpenVocab in an ASP.NET Core program of one's own: a <see cref="Detector"/> to inject, live streams, and the API.</summary>
/// <example><code>
/// builder.Services.AddOpenVocab(options => options.Streams.Add(new("door", "rtsp://camera/1")));
/// var app = builder.Build();
/// app.UseOpenVocab();
/// app.MapOpenVocab();
/// </code></example>
public static class OpenVocabServices
{
    private const string Origins = "openvocab origins";

    /// <summary>Adds a detector (<see cref="Detector"/>, <see cref="BatchingDetector"/>), the configured streams, and what the API needs.</summary>
    /// <param name="services">The program's.</param>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static IServiceCollection AddOpenVocab(this IServiceCollection services, Action<OpenVocabOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OpenVocabOptions options = new();
        configure?.Invoke(options);
        services.AddSingleton(options.Validated());
        services.AddSingleton(_ => Detector.Load(options.Model, options.Detector, options.Classes));
        services.AddSingleton(provider => new BatchingDetector(provider.GetRequiredService<Detector>()));
        services.AddSingleton<StreamHub>();
        services.AddHostedService(provider => provider.GetRequiredService<StreamHub>());
        services.AddSingleton<AccessGuard>();
        services.AddCors(cors => cors.AddPolicy(Origins, policy => policy.WithOrigins([.. options.AllowedOrigins]).AllowAnyHeader().AllowAnyMethod()));
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemHandler>();
        // Without it what the framework cannot read is refused without a word.
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddSingleton<DetectQueue>();
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = null);
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.OnRejected = async (rejected, _) => await Problems.Busy(rejected.HttpContext).ExecuteAsync(rejected.HttpContext).ConfigureAwait(false);
            // Bounds memory: each of them may hold a picture. Whose turn it is to be looked at is DetectQueue's matter.
            limits.AddConcurrencyLimiter(DetectEndpoint.Limiter, limiter => limiter.PermitLimit = options.MaxUploads + options.MaxWaiting + 1);
        });
        return services;
    }

    /// <summary>Adds what stands before the endpoints: errors as problem details, who may ask, limits, WebSockets.</summary>
    /// <param name="app">The program.</param>
    public static IApplicationBuilder UseOpenVocab(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        AccessGuard guard = app.ApplicationServices.GetRequiredService<AccessGuard>();
        app.Use(ReplyHeaders.InvokeAsync);
        app.UseExceptionHandler();
        app.UseStatusCodePages(refused => Problems.Of(refused.HttpContext.Response.StatusCode).ExecuteAsync(refused.HttpContext));
        // Browsers ask beforehand whether a page may ask; who may not is refused by the guard.
        app.UseCors(Origins);
        app.Use((context, next) => guard.InvokeAsync(context, next));
        app.UseRouting();
        app.UseRateLimiter();
        app.UseRequestTimeouts();
        app.UseWebSockets();
        return app;
    }

    /// <summary>Maps the API, the page at <c>/</c> and the health of the server.</summary>
    /// <param name="routes">The program's.</param>
    public static IEndpointRouteBuilder MapOpenVocab(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        OpenVocabOptions options = routes.ServiceProvider.GetRequiredService<OpenVocabOptions>();
        DetectEndpoint.Map(routes, options);
        ClassesEndpoints.Map(routes);
        StreamEndpoints.Map(routes);
        SeenEndpoints.Map(routes, options);
        PageEndpoints.Map(routes);
        routes.MapGet("/health/live", () => Results.Text("live")).ExcludeFromDescription();
        routes.MapGet("/health/ready", (StreamHub hub) => hub.IsReady ? Results.Text("ready") : Problems.Of(StatusCodes.Status503ServiceUnavailable, "The model is being loaded.", "Ask again in a second.")).ExcludeFromDescription();
        return routes;
    }
}
