using System.Text;
using System.Text.Json;

namespace OpenVocab.Server.Endpoints;

/// <summary>Reads texts and JSON strictly: what is not understood is named, and never passed over.</summary>
internal static class RequestBody
{
    private const int MostDepth = 8;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole body as text.</summary>
    /// <exception cref="RequestException">It is no UTF-8.</exception>
    internal static async Task<string> ReadTextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        ReadOnlySpan<byte> bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        try { return s_utf8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes); }
        catch (DecoderFallbackException fault) { throw new RequestException($"The body is no UTF-8: byte {fault.Index} cannot be read.", "Send it as UTF-8."); }
    }

    /// <summary>A JSON object.</summary>
    /// <param name="body">The text.</param>
    /// <param name="example">What would be right, as an error shows it.</param>
    /// <param name="fields">Those that it may have.</param>
    /// <exception cref="RequestException">It is no JSON, no object, or has other fields.</exception>
    internal static JsonElement Parse(string body, string example, params IReadOnlyList<string> fields)
    {
        if (string.IsNullOrWhiteSpace(body)) { throw new RequestException("The body is empty.", $"Send {example}."); }
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new() { MaxDepth = MostDepth });
            JsonElement root = document.RootElement.Clone();
            CheckFields(root, "The body", example, fields);
            return root;
        }
        catch (JsonException fault)
        {
            throw new RequestException(Invariant($"The body is no JSON: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1} cannot be read."), $"Send {example}.");
        }
    }

    /// <exception cref="RequestException">It is no object, or has other fields.</exception>
    internal static void CheckFields(JsonElement value, string what, string example, params IReadOnlyList<string> fields)
    {
        if (value.ValueKind != JsonValueKind.Object) { throw new RequestException($"{what} is {KindOf(value)}; it must be an object.", $"Send {example}."); }
        foreach (JsonProperty field in value.EnumerateObject())
        {
            if (!fields.Contains(field.Name)) { throw new RequestException($"{what} has a field \"{Short(field.Name)}\", which is not known; there {(fields.Count == 1 ? "is" : "are")} {string.Join(", ", fields)}.", $"Send {example}."); }
        }
    }

    /// <exception cref="RequestException">It is no text.</exception>
    internal static string Text(JsonElement value, string what, string example)
    {
        if (value.ValueKind != JsonValueKind.String) { throw new RequestException($"{what} is {KindOf(value)}; it must be a text.", $"Send {example}."); }
        try { return value.GetString()!; }
        // Half of a surrogate pair.
        catch (InvalidOperationException) { throw new RequestException($"{what} contains half of a letter (\\ud800 to \\udfff).", $"Send {example}."); }
    }

    /// <exception cref="RequestException">It is no number.</exception>
    internal static float Number(JsonElement value, string what, string example) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) ? number : throw new RequestException($"{what} is {KindOf(value)}; it must be a number.", $"Send {example}.");

    /// <summary>What a value is, as an error says it.</summary>
    internal static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "missing",
        JsonValueKind.Null => "null",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "true or false",
    };

    /// <summary>What somebody sent, as an error shows it.</summary>
    internal static string Short(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
