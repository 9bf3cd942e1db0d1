using System.Globalization;
using System.Threading.RateLimiting;
using OpenVocab.Prompts;
using OpenVocab.Search;
using OpenVocab.Server.Streams;

namespace OpenVocab.Server.Endpoints;

/// <summary>What the streams have seen.</summary>
/// <param name="Remembered">How many things are remembered.</param>
/// <param name="Answers">Those that fit the words, best score first; none where no words were given.</param>
public sealed record SeenReply(int Remembered, IReadOnlyList<SeenAnswer> Answers);

/// <summary>A thing that a stream has shown.</summary>
/// <param name="Id">Its picture is at <c>/v1/seen/{id}.jpg</c>.</param>
/// <param name="Words">What it fits, as it was asked.</param>
/// <param name="Stream">The stream's id.</param>
/// <param name="From">When it was seen first.</param>
/// <param name="To">When it was seen last.</param>
/// <param name="Score">Probability, 0 to 1.</param>
/// <param name="Box">x1, y1, x2, y2 in pixels of the stream, in its best view.</param>
public sealed record SeenAnswer(long Id, string Words, string Stream, DateTimeOffset From, DateTimeOffset To, float Score, IReadOnlyList<float> Box);

/// <summary><c>GET /v1/seen</c>: asks for any words what the streams have seen, where the server remembers it.</summary>
internal static class SeenEndpoints
{
    private const int LongestWords = 500, MostClasses = 16, MostAnswers = 200, DefaultCount = 24;
    private const string Example = "/v1/seen?words=red%20backpack&count=24&minScore=0.2";

    private static readonly string[] s_parameters = ["words", "count", "minScore"];

    internal static void Map(IEndpointRouteBuilder routes, OpenVocabOptions options)
    {
        routes.MapGet("/v1/seen", GetAsync)
            .WithSummary("Asks for words what the streams have seen, best first; without words: how much is remembered.")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                ApiDescription.SetNumber(operation, "count");
                ApiDescription.SetNumber(operation, "minScore");
                return Task.CompletedTask;
            })
            .Produces<SeenReply>().Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable)
            .RequireRateLimiting(DetectEndpoint.Limiter).WithRequestTimeout(DetectEndpoint.TimeoutOf(options));
        routes.MapGet("/v1/seen/{id}.jpg", GetPicture)
            .WithSummary("A thing as it was seen best, at most 160 pixels on the longer side.").Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> GetAsync(HttpRequest request, StreamHub hub, DetectQueue queue, string? words, string? count, string? minScore, CancellationToken cancellationToken)
    {
        DetectEndpoint.CheckParameters(request, s_parameters);
        if (hub.Memory is not { } memory) { return RemembersNothing(); }
        AskOptions how = new() { Count = count is null ? DefaultCount : ReadCount(count), MinScore = minScore is null ? null : ClassesEndpoints.ReadThreshold("minScore", minScore) };
        if (words is null) { return Results.Ok(new SeenReply(memory.Count, [])); }
        PromptSet prompts = ReadWords(words);
        using RateLimitLease turn = await queue.EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!turn.IsAcquired) { return Problems.Busy(request.HttpContext); }
        IReadOnlyList<StreamAnswer> answers = await Task.Run(() => memory.Ask(prompts, how), cancellationToken).ConfigureAwait(false);
        return Results.Ok(new SeenReply(memory.Count, [.. answers.Select(ToReply)]));
    }

    private static IResult GetPicture(string id, HttpResponse response, StreamHub hub)
    {
        if (hub.Memory is not { } memory) { return RemembersNothing(); }
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || memory.Picture(number) is not { } picture)
        {
            return Problems.Of(StatusCodes.Status404NotFound, $"Nothing with the number \"{RequestBody.Short(id)}\" is remembered, or not any more.", $"Ask again: {Example}.");
        }
        // A thing that is still there may get a better picture.
        response.Headers.CacheControl = "private, no-cache";
        return Results.Bytes(picture, "image/jpeg");
    }

    private static PromptSet ReadWords(string words)
    {
        if (string.IsNullOrWhiteSpace(words)) { throw new RequestException("words is empty.", $"Say what to look for: {Example}."); }
        if (words.Length > LongestWords) { throw new RequestException($"words has {words.Length} characters; at most {LongestWords} are taken.", "Ask for less at once."); }
        PromptSet prompts = PromptSet.Parse(words);
        return prompts.Classes.Count <= MostClasses ? prompts : throw new RequestException($"words names {prompts.Classes.Count} things; at most {MostClasses} are asked for at once.", "Ask for less at once.");
    }

    private static int ReadCount(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MostAnswers
        ? count
        : throw new RequestException($"count is \"{RequestBody.Short(text)}\"; it must be a whole number between 1 and {MostAnswers}.", $"Correct it, or leave it out: it is {DefaultCount} then.");

    private static SeenAnswer ToReply(StreamAnswer answer) => new(
        answer.Id, answer.Words, answer.Stream, answer.From, answer.To, MathF.Round(answer.Score, 4), [answer.Box.X1, answer.Box.Y1, answer.Box.X2, answer.Box.Y2]);

    private static IResult RemembersNothing() =>
        Problems.Of(StatusCodes.Status404NotFound, "This server does not remember what its streams have seen.", "Start it with --remember FILE (in code: OpenVocabOptions.Remember).");
}
