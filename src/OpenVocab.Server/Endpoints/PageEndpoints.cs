using System.Text.Json;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using OpenVocab.Server.Access;

namespace OpenVocab.Server.Endpoints;

/// <summary>What somebody types to be let in.</summary>
/// <param name="Token">The server's token.</param>
public sealed record SessionRequest(string Token);

/// <summary>The page at <c>/</c>, whose files lie in this assembly, and the way in for browsers.</summary>
internal static class PageEndpoints
{
    // The page runs its own scripts only, and nobody may put it into a frame.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly string[] s_read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly EmbeddedFileProvider s_files = new(typeof(PageEndpoints).Assembly, "OpenVocab.Server.wwwroot");
    private static readonly FileExtensionContentTypeProvider s_types = new();

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", s_read, (HttpResponse response) => Send(response, "index.html")).ExcludeFromDescription();
        routes.MapMethods("/page/{name}", s_read, (string name, HttpResponse response) => Send(response, name)).ExcludeFromDescription();
        routes.MapPost("/v1/session", OpenSessionAsync)
            .WithSummary("Gives a browser a cookie for the token.").Accepts<SessionRequest>("application/json").Produces(StatusCodes.Status204NoContent)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
    }

    private static async Task<IResult> OpenSessionAsync(HttpContext context, AccessGuard guard, CancellationToken cancellationToken)
    {
        const string Example = "{\"token\": \"…\"}";
        JsonElement body = RequestBody.Parse(await RequestBody.ReadTextAsync(context.Request, cancellationToken).ConfigureAwait(false), Example, "token");
        body.TryGetProperty("token", out JsonElement token);
        return guard.TryOpenSession(context, RequestBody.Text(token, "token", Example))
            ? Results.NoContent()
            : Problems.Of(StatusCodes.Status401Unauthorized, "The token is wrong.", "Give the one with which the server was started.");
    }

    private static IResult Send(HttpResponse response, string name)
    {
        IFileInfo file = s_files.GetFileInfo(name);
        if (!file.Exists) { return Problems.Of(StatusCodes.Status404NotFound, "The page has no such file.", "The page is at /."); }
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache";
        return Results.Stream(file.CreateReadStream(), s_types.TryGetContentType(name, out string? type) ? type : "application/octet-stream");
    }
}
