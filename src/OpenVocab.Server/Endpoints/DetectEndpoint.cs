using System.Buffers;
using System.Text.Json;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using OpenCvSharp;
using OpenVocab.Drawing;
using OpenVocab.Imaging;
using OpenVocab.Prompts;
using OpenVocab.Sinks;

namespace OpenVocab.Server.Endpoints;

/// <summary><c>POST /v1/detect</c>: a picture in, its detections out. Bytes only: a path or an address is never followed.</summary>
internal static class DetectEndpoint
{
    internal const string Limiter = "openvocab detect";

    private const int MostParts = 16, LongestName = 200;

    private static readonly string[] s_parameters = ["classes", "conf"];

    internal static void Map(IEndpointRouteBuilder routes, OpenVocabOptions options)
    {
        // A form has its own lines around the picture.
        long body = options.MaxPictureBytes + 64 * 1024;
        routes.MapPost("/v1/detect", PostAsync)
            .WithSummary("Detects in a picture: the raw body, or \"file\" of a form. The reply is the JSON object that predict writes, or the picture with its boxes where the client accepts an image.")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                ApiDescription.SetNumber(operation, "conf");
                return ApiDescription.SetBody(operation, "A picture: JPEG, PNG, WebP, BMP, TIFF or GIF.", "image/*", "application/octet-stream", "multipart/form-data");
            })
            .Produces(StatusCodes.Status200OK, contentType: "application/json", additionalContentTypes: ["image/jpeg", "image/png"])
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable)
            .WithMetadata(new RequestSizeLimitAttribute(body), new RequestFormLimitsAttribute { MultipartBodyLengthLimit = body, ValueCountLimit = MostParts, MemoryBufferThreshold = 1 << 20 })
            .RequireRateLimiting(Limiter).WithRequestTimeout(TimeoutOf(options)).DisableAntiforgery();
    }

    /// <summary>How long a request may take that the detector works on.</summary>
    internal static RequestTimeoutPolicy TimeoutOf(OpenVocabOptions options) => new() { Timeout = options.RequestTimeout, WriteTimeoutResponse = TooSlowAsync };

    private static Task TooSlowAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, "It took too long.", "Come back when there is less to do.").ExecuteAsync(context);
    }

    private static async Task<IResult> PostAsync(
        HttpRequest request, Detector detector, OpenVocabOptions options, DetectQueue queue, string? classes, string? conf, CancellationToken cancellationToken)
    {
        CheckParameters(request, s_parameters);
        PromptSet? prompts = ClassesEndpoints.ReadQuery(detector, classes, conf);
        (byte[] bytes, string name) = await ReadPictureAsync(request, options, cancellationToken).ConfigureAwait(false);
        // Only now, with the whole picture in hand: one that is sent slowly, or never, keeps nobody waiting.
        using RateLimitLease turn = await queue.EnterAsync(cancellationToken).ConfigureAwait(false);
        return !turn.IsAcquired ? Problems.Busy(request.HttpContext) : await Task.Run(() => Detect(request, detector, options, prompts, bytes, name), cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="RequestException">The address has a parameter that is not known.</exception>
    internal static void CheckParameters(HttpRequest request, string[] known)
    {
        if (request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new RequestException($"There is no parameter \"{RequestBody.Short(unknown)}\"; there are {string.Join(" and ", known)}.", "Correct its name, or leave it out.");
        }
    }

    private static IResult Detect(HttpRequest request, Detector detector, OpenVocabOptions options, PromptSet? prompts, byte[] bytes, string name)
    {
        using Mat picture = ImageFile.Decode(bytes, name, new() { MaxBytes = options.MaxPictureBytes, MaxPixels = options.MaxPicturePixels });
        FrameResult result = detector.Detect(picture, prompts is null ? detector.Vocabulary : detector.Encode(prompts));
        if (WantedImage(request) is { } extension)
        {
            new Annotator().Draw(picture, result);
            Cv2.ImEncode(extension, picture, out byte[] encoded);
            return Results.Bytes(encoded, extension == ".png" ? "image/png" : "image/jpeg");
        }
        ArrayBufferWriter<byte> line = new(4096);
        using Frame frame = new();
        using Utf8JsonWriter json = new(line, FrameJson.Options);
        FrameJson.Write(json, JsonEncodedText.Encode(name, FrameJson.Options.Encoder), frame, result);
        json.Flush();
        return Results.Bytes(line.WrittenMemory, "application/json");
    }

    private static async Task<(byte[] Bytes, string Name)> ReadPictureAsync(HttpRequest request, OpenVocabOptions options, CancellationToken cancellationToken)
    {
        if (request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
        {
            IFormCollection form = await request.ReadFormAsync(cancellationToken).ConfigureAwait(false);
            if (form.Files.Count > 1) { throw new RequestException($"The form has {form.Files.Count} files; a request is for one picture.", "Send each in a request of its own."); }
            IFormFile file = form.Files.GetFile("file") ?? throw new RequestException("The form has no \"file\".", "Send the picture as a part that is named file, or as the whole body.");
            using MemoryStream copy = new();
            await file.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            return (Checked(copy.ToArray(), options), NameOf(file.FileName));
        }
        // Whatever the client calls it: the bytes themselves say what they are.
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        return (Checked(body.ToArray(), options), "upload");
    }

    private static byte[] Checked(byte[] bytes, OpenVocabOptions options)
    {
        if (bytes.Length == 0) { throw new RequestException("The picture is empty (0 bytes).", "Send the picture as the body, or as \"file\" of a form."); }
        return bytes.Length <= options.MaxPictureBytes ? bytes : throw new SourceException(
            SourceFault.TooLarge, $"The picture has {bytes.Length} bytes; at most {options.MaxPictureBytes} are taken.", "Send a smaller picture.");
    }

    // What a client calls its file is shown back to it and used for nothing else.
    private static string NameOf(string name)
    {
        string bare = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return bare.Length is > 0 and <= LongestName ? bare : "upload";
    }

    /// <summary>The extension of the picture that the client prefers to JSON, or null.</summary>
    private static string? WantedImage(HttpRequest request)
    {
        IEnumerable<MediaTypeHeaderValue> accepted = request.GetTypedHeaders().Accept.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1);
        foreach (MediaTypeHeaderValue type in accepted)
        {
            if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.MatchesAllTypes) { return null; }
            if (type.MediaType.Equals("image/png", StringComparison.OrdinalIgnoreCase)) { return ".png"; }
            if (type.Type.Equals("image", StringComparison.OrdinalIgnoreCase)) { return ".jpg"; }
        }
        return null;
    }
}
