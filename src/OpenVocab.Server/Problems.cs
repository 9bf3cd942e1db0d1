namespace OpenVocab.Server;

/// <summary>What whoever asked is told of a failure: problem details (RFC 9457), each with a <c>remedy</c>.</summary>
internal static class Problems
{
    internal static IResult Of(int status, string? detail, string remedy) =>
        Results.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["remedy"] = remedy });

    /// <summary>429, and when to come back.</summary>
    internal static IResult ComeBack(HttpContext context, string seconds, string detail, string remedy)
    {
        context.Response.Headers.RetryAfter = seconds;
        return Of(StatusCodes.Status429TooManyRequests, detail, remedy);
    }

    /// <summary>As many pictures are on their way, or wait, as may.</summary>
    internal static IResult Busy(HttpContext context) => ComeBack(context, "1", "There is too much to do at the moment.", "Send it again in a second.");

    /// <summary>For what the framework refuses by itself: an address, a method or a kind of body that there is not.</summary>
    internal static IResult Of(int status) => Of(status, null, status switch
    {
        StatusCodes.Status404NotFound => "Check the address; /openapi.json lists those that there are.",
        StatusCodes.Status405MethodNotAllowed => "Use another method: the header Allow has those that there are.",
        StatusCodes.Status415UnsupportedMediaType => "Send JSON, with the header Content-Type: application/json.",
        >= StatusCodes.Status500InternalServerError => "The server's log says more.",
        _ => "Correct the request; /openapi.json describes it.",
    });

    /// <summary>Tells the description of the API how an address refuses, beside 401 and 403, which all do.</summary>
    internal static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params IEnumerable<int> statuses)
    {
        foreach (int status in (IEnumerable<int>)[.. statuses, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden]) { route.ProducesProblem(status); }
        return route;
    }
}
