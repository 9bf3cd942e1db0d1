using System.Diagnostics;
using System.Globalization;
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
    private const string Example = "{\"classes\": \"dog, person:0.4\", \"threshold\": 0.3}";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/classes", (Detector detector) => Describe(detector, detector.Vocabulary, null))
            .WithSummary("What is looked for.").Produces<ClassesReply>().Refuses();
        routes.MapPut("/v1/classes", PutAsync)
            .WithSummary("Looks for other words from the next frame on. The body is text (person, dog:0.4), or JSON: {\"classes\": \"person, dog\" or [\"person\", \"dog\"], \"threshold\": 0.3}.")
            .AddOpenApiOperationTransformer((operation, _, _) => ApiDescription.SetBody(operation, "The words.", "text/plain", "application/json")).Produces<ClassesReply>().Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LongestBody));
    }

    private static async Task<ClassesReply> PutAsync(HttpRequest request, Detector detector, CancellationToken cancellationToken)
    {
        string body = await RequestBody.ReadTextAsync(request, cancellationToken).ConfigureAwait(false);
        PromptSet prompts = request.HasJsonContentType() || body.AsSpan().TrimStart().StartsWith("{") ? ReadJson(body) : PromptSet.Parse(body);
        long start = Stopwatch.GetTimestamp();
        Vocabulary vocabulary = await Task.Run(() => detector.SetClasses(prompts), cancellationToken).ConfigureAwait(false);
        return Describe(detector, vocabulary, Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 2));
    }

    /// <summary>The words of one request alone.</summary>
    /// <exception cref="RequestException"><paramref name="conf"/> is no number between 0 and 1.</exception>
    internal static PromptSet? ReadQuery(Detector detector, string? classes, string? conf)
    {
        float? threshold = conf is null ? null : ReadThreshold("conf", conf);
        PromptSet? prompts = classes is null ? threshold is null ? null : detector.Vocabulary.Prompts : PromptSet.Parse(classes);
        return prompts is not null && threshold is { } score ? WithThreshold(prompts, score, replace: classes is null) : prompts;
    }

    // Strictly: "0,5" read as 5 would find nothing, and say nothing.
    internal static float ReadThreshold(string name, string text)
    {
        if (!float.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out float threshold))
        {
            throw new RequestException($"{name} is \"{RequestBody.Short(text)}\", which is no number.", $"Write it with a point: {name}=0.5.");
        }
        return threshold is >= 0 and <= 1 ? threshold : throw new RequestException(Invariant($"{name} is {threshold}; it must lie between 0 and 1."), $"Write it with a point: {name}=0.5.");
    }

    private static PromptSet ReadJson(string body)
    {
        JsonElement root = RequestBody.Parse(body, Example, "classes", "threshold");
        root.TryGetProperty("classes", out JsonElement classes);
        PromptSet prompts = classes.ValueKind switch
        {
            JsonValueKind.String => PromptSet.Parse(RequestBody.Text(classes, "classes", Example)),
            JsonValueKind.Array => PromptSet.Of([.. classes.EnumerateArray().Select((name, i) => RequestBody.Text(name, $"classes[{i}]", Example))]),
            _ => throw new RequestException($"classes is {RequestBody.KindOf(classes)}; it must be a text or a list of texts.", $"Send {Example}."),
        };
        if (!root.TryGetProperty("threshold", out JsonElement threshold) || threshold.ValueKind == JsonValueKind.Null) { return prompts; }
        float score = RequestBody.Number(threshold, "threshold", Example);
        return score is >= 0 and <= 1
            ? WithThreshold(prompts, score, replace: false)
            : throw new RequestException(Invariant($"threshold is {score}; it must lie between 0 and 1."), $"Send {Example}.");
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
