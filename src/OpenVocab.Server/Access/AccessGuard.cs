using Microsoft.Net.Http.Headers;

namespace OpenVocab.Server.Access;

/// <summary>
/// Who may ask: pages of other origins not, unless allowed; without a token only whoever asks for this machine by a name of loopback; with one, whoever knows it. The page itself
/// and the health of the server are no secret.
/// </summary>
internal sealed class AccessGuard
{
    internal const string SessionCookie = "openvocab";

    private const string Bearer = "Bearer ";
    private static readonly string[] s_open = ["/", "/health/live", "/health/ready", "/v1/session", "/favicon.ico"];

    private readonly AccessToken? _token;
    private readonly HashSet<string> _hosts, _origins;

    public AccessGuard(OpenVocabOptions options)
    {
        _token = options.Token is { } token ? new(token) : null;
        _hosts = new(["localhost", "127.0.0.1", "[::1]", .. options.AllowedHosts], StringComparer.OrdinalIgnoreCase);
        _origins = new(options.AllowedOrigins, StringComparer.OrdinalIgnoreCase);
    }

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Refusal(context) is not { } refusal)
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        if (refusal.Status == StatusCodes.Status401Unauthorized) { context.Response.Headers.WWWAuthenticate = "Bearer"; }
        await Problems.Of(refusal.Status, refusal.Why, refusal.Remedy).ExecuteAsync(context).ConfigureAwait(false);
    }

    /// <summary>Gives a browser its cookie, if the token is right.</summary>
    internal bool TryOpenSession(HttpContext context, string offered)
    {
        if (_token?.Fits(offered) != true) { return false; }
        context.Response.Cookies.Append(SessionCookie, _token.Session, new() { HttpOnly = true, SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true });
        return true;
    }

    private (int Status, string Why, string Remedy)? Refusal(HttpContext context)
    {
        HttpRequest request = context.Request;
        string? origin = OriginOf(request);
        bool allowed = origin is not null && _origins.Contains(origin);
        if (origin is not null && !allowed && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status403Forbidden, $"Pages of {origin} may not ask this server.", "Allow it with --allow-origin, if it is yours.");
        }
        // What a page embeds (an image, a frame) comes without an origin; that it is a page of another site browsers say all the same. A link may be followed.
        if (!allowed && request.Headers["Sec-Fetch-Site"] == "cross-site" && request.Headers["Sec-Fetch-Dest"] != "document")
        {
            return (StatusCodes.Status403Forbidden, "A page of another site may not embed this server.", "Allow its origin with --allow-origin, and embed with the attribute crossorigin.");
        }
        if (_token is null)
        {
            // A page of somebody else's whose name is made to point at this machine would pass for the server's own.
            bool known = _hosts.Contains(request.Host.Host);
            return known ? null : (StatusCodes.Status403Forbidden, $"This server does not answer to the name {request.Host.Host}.", "Allow it with --allow-host, if it is this machine's.");
        }
        if (s_open.Contains(request.Path.Value) || request.Path.StartsWithSegments("/page", StringComparison.Ordinal)) { return null; }
        return Knows(request) ? null : (StatusCodes.Status401Unauthorized, "The token is missing or wrong.", "Send it as \"Authorization: Bearer …\".");
    }

    private bool Knows(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) { return _token!.Fits(header[Bearer.Length..].Trim()); }
        return request.Cookies.TryGetValue(SessionCookie, out string? session) && _token!.FitsSession(session);
    }

    private static string? OriginOf(HttpRequest request) => request.Headers[HeaderNames.Origin].ToString() is { Length: > 0 } origin ? origin : null;
}
