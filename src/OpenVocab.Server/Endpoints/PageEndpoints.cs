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

    private static readonly EmbeddedFileProvider s_files = new(typeof(PageEndpoints).Assembly, "OpenVocab.Server.wwwroot");
    private static readonly FileExtensionContentTypeProvider s_types = new();

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpResponse response) => Send(response, "index.html")).ExcludeFromDescription();
        routes.MapGet("/page/{name}", (string name, HttpResponse response) => Send(response, name)).ExcludeFromDescription();
        routes.MapPost("/v1/session", (SessionRequest request, HttpContext context, AccessGuard guard) =>
            guard.TryOpenSession(context, request.Token ?? "") ? Results.NoContent() : Results.Problem("The token is wrong.", statusCode: StatusCodes.Status401Unauthorized))
            .WithSummary("Gives a browser a cookie for the token.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status401Unauthorized);
    }

    private static IResult Send(HttpResponse response, string name)
    {
        IFileInfo file = s_files.GetFileInfo(name);
        if (!file.Exists) { return Results.NotFound(); }
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache";
        return Results.Stream(file.CreateReadStream(), s_types.TryGetContentType(name, out string? type) ? type : "application/octet-stream");
    }
}
