using System.Diagnostics;
using System.Text.Json;
using OpenVocab.Drawing;
using OpenVocab.Prompts;

namespace OpenVocab.Server.Endpoints;

/// <summary>What is looked for.</summary>
/// <param name="Text">As a person would write it in one line.</param>
/// <param name="Classes">In the order of their ids.</param>
/// <param name="UnknownWords">Words that the text encoder has never seen: what it makes of them means little.</param>
/// <param name="Milliseconds">How long it took to put them in force; null where nothing changed.</param>
public sealed record ClassesReply(string Text, IReadOnlyList<ClassReply> Classes, IReadOnlyList<string> UnknownWords, double? Milliseconds);

/// <summary>One class.</summary>
/// <param name="Name">What results call it.</param>
/// <param name="Prompts">The phrases that stand for it.</param>
/// <param name="Threshold">What its scores must exceed.</param>
/// <param name="Color">Of its boxes, <c>#rrggbb</c>.</param>
public sealed record ClassReply(string Name, IReadOnlyList<string> Prompts, float Threshold, string Color);

/// <summary><c>GET</c> and <c>PUT /v1/classes</c>: the words, for all streams and all requests without words of their own.</summary>
internal static class ClassesEndpoints
{
    private const int LongestBody = 64 * 1024;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/classes", (Detector detector) => Describe(detector, detector.Vocabulary, null))
            .WithSummary("What is looked for.").Produces<ClassesReply>();
        routes.MapPut("/v1/classes", PutAsync)
            .WithSummary("Looks for other words from the next frame on. The body is text (person, dog:0.4), or JSON: {\"classes\": \"person, dog\" or [\"person\", \"dog\"], \"threshold\": 0.3}.")
            .AddOpenApiOperationTransformer((operation, _, _) => ApiDescription.SetBody(operation, "The words.", "text/plain", "application/json")).Produces<ClassesReply>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LongestBody));
    }

    private static async Task<ClassesReply> PutAsync(HttpRequest request, Detector detector, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(request.Body);
        string body = await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        PromptSet prompts = request.HasJsonContentType() || body.AsSpan().TrimStart().StartsWith("{") ? ReadJson(body) : PromptSet.Parse(body);
        long start = Stopwatch.GetTimestamp();
        Vocabulary vocabulary = await Task.Run(() => detector.SetClasses(prompts), cancellationToken).ConfigureAwait(false);
        return Describe(detector, vocabulary, Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 2));
    }

    /// <summary>The words of one request alone.</summary>
    internal static PromptSet? ReadQuery(Detector detector, string? classes, float? threshold)
    {
        if (threshold is not null and not (>= 0 and <= 1)) { throw new ArgumentException(Invariant($"conf is {threshold}; it must lie between 0 and 1.")); }
        PromptSet? prompts = classes is null ? threshold is null ? null : detector.Vocabulary.Prompts : PromptSet.Parse(classes);
        return prompts is not null && threshold is { } score ? WithThreshold(prompts, score, replace: classes is null) : prompts;
    }

    private static PromptSet ReadJson(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new() { MaxDepth = 8 });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("classes", out JsonElement classes)) { throw new ArgumentException("The body has no \"classes\"."); }
            PromptSet prompts = classes.ValueKind switch
            {
                JsonValueKind.String => PromptSet.Parse(classes.GetString()!),
                JsonValueKind.Array => PromptSet.Of([.. classes.EnumerateArray().Select(name => name.GetString() ?? "")]),
                _ => throw new ArgumentException("\"classes\" is neither a text nor a list of texts."),
            };
            if (!root.TryGetProperty("threshold", out JsonElement threshold) || threshold.ValueKind == JsonValueKind.Null) { return prompts; }
            float score = threshold.ValueKind == JsonValueKind.Number ? threshold.GetSingle() : float.NaN;
            return score is >= 0 and <= 1 ? WithThreshold(prompts, score, replace: false) : throw new ArgumentException("\"threshold\" must be a number between 0 and 1.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"The body is no JSON as it is expected here: {fault.Message}", fault);
        }
    }

    private static PromptSet WithThreshold(PromptSet prompts, float threshold, bool replace) => new(
        prompts.Classes.Select(prompt => prompt with { Threshold = replace ? threshold : prompt.Threshold ?? threshold }), prompts.Background, prompts.Templates);

    private static ClassesReply Describe(Detector detector, Vocabulary vocabulary, double? milliseconds)
    {
        ClassPalette palette = ClassPalette.For(vocabulary);
        float[] thresholds = detector.ThresholdsOf(vocabulary);
        ClassReply[] classes =
        [
            .. vocabulary.Classes.Select((prompt, i) => new ClassReply(
                prompt.Name, prompt.Prompts, thresholds[i], $"#{(int)palette[i].Val2:x2}{(int)palette[i].Val1:x2}{(int)palette[i].Val0:x2}")),
        ];
        return new(PromptLine.Join(vocabulary.Classes), classes, vocabulary.UnknownWords, milliseconds);
    }
}
