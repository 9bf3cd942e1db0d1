namespace OpenVocab.Server.Access;

/// <summary>
/// What every reply carries: browsers take it for nothing but what it says it is, and show it in pages of this server alone. Pages of allowed origins ask by CORS
/// (<c>crossorigin</c>), to which the second does not apply.
/// </summary>
internal static class ReplyHeaders
{
    internal static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // As late as this: whoever handles an error clears the headers that were set before.
        context.Response.OnStarting(static response =>
        {
            IHeaderDictionary headers = ((HttpResponse)response).Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return Task.CompletedTask;
        }, context.Response);
        return next(context);
    }
}
