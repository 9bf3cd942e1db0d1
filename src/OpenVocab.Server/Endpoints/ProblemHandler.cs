using Microsoft.AspNetCore.Diagnostics;

namespace OpenVocab.Server.Endpoints;

/// <summary>Makes problem details of what was thrown: in sentences of ours, never a stack trace.</summary>
internal sealed partial class ProblemHandler(ILogger<ProblemHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        (int status, string detail, string remedy) = exception switch
        {
            RequestException request => (StatusCodes.Status400BadRequest, request.Message, request.Remedy),
            SourceException { Fault: SourceFault.TooLarge } large => (StatusCodes.Status413PayloadTooLarge, large.Message, "Send a smaller picture."),
            SourceException source => (StatusCodes.Status400BadRequest, source.Message, source.Remedy),
            PromptException prompt => (StatusCodes.Status400BadRequest, prompt.Message, prompt.Remedy),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, "The body is larger than this server takes.", "Send a smaller one."),
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => (StatusCodes.Status408RequestTimeout, "The body came too slowly.", "Send it faster, or send a smaller one."),
            BadHttpRequestException bad => (bad.StatusCode, "The request cannot be read.", "Correct it; /openapi.json describes what is possible."),
            // Thrown by us alone, with a sentence: nothing of a request goes to the framework unread.
            ArgumentException argument => (StatusCodes.Status400BadRequest, argument.Message, "Correct the request; /openapi.json describes it."),
            InvalidDataException or IOException => (StatusCodes.Status400BadRequest, "The body ended too early, or is no form.", "Send all of it."),
            _ => (StatusCodes.Status500InternalServerError, "An internal error.", "The server's log says more."),
        };
        if (httpContext.RequestAborted.IsCancellationRequested) { return true; } // nobody is there to read it
        if (status == StatusCodes.Status500InternalServerError) { LogFailed(exception, httpContext.Request.Path); }
        await Problems.Of(status, detail, remedy).ExecuteAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed")]
    private partial void LogFailed(Exception fault, string path);
}
