using Microsoft.AspNetCore.Diagnostics;

namespace OpenVocab.Server.Endpoints;

/// <summary>What whoever asked is told of a failure: problem details (RFC 9457) with what to do, never a stack trace.</summary>
internal sealed partial class ProblemHandler(ILogger<ProblemHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        (int status, string detail, string? remedy) = exception switch
        {
            SourceException { Fault: SourceFault.TooLarge } large => (StatusCodes.Status413PayloadTooLarge, large.Message, "Send a smaller picture."),
            SourceException source => (StatusCodes.Status400BadRequest, source.Message, source.Remedy),
            PromptException prompt => (StatusCodes.Status400BadRequest, prompt.Message, prompt.Remedy),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, "The body is larger than this server takes.", "Send a smaller picture."),
            BadHttpRequestException bad => (bad.StatusCode, bad.Message, null),
            ArgumentException argument => (StatusCodes.Status400BadRequest, argument.Message, null),
            InvalidDataException or IOException => (StatusCodes.Status400BadRequest, "The body ended too early, or is no form.", "Send the whole picture."),
            _ => (StatusCodes.Status500InternalServerError, "An internal error; the log says more.", null),
        };
        if (httpContext.RequestAborted.IsCancellationRequested) { return true; } // nobody is there to read it
        if (status == StatusCodes.Status500InternalServerError) { LogFailed(exception, httpContext.Request.Path); }
        await Results.Problem(detail, statusCode: status, extensions: remedy is null ? null : new Dictionary<string, object?> { ["remedy"] = remedy })
            .ExecuteAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed")]
    private partial void LogFailed(Exception fault, string path);
}
