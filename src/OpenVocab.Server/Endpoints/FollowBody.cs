using System.Text.Json;
using OpenVocab.Server.Streams;

namespace OpenVocab.Server.Endpoints;

/// <summary>The body of <c>PUT /v1/streams/{id}/follow</c>.</summary>
internal static class FollowBody
{
    private const string Example = "{\"track\": true, \"regions\": [{\"name\": \"gate\", \"points\": [0, 300, 768, 300]}]}";

    /// <summary>What is missing is not tracked, and not counted.</summary>
    /// <exception cref="RequestException">A field is unknown, or of another kind.</exception>
    internal static FollowRequest Parse(string body)
    {
        JsonElement root = RequestBody.Parse(body, Example, "track", "regions");
        bool track = root.TryGetProperty("track", out JsonElement wish) && wish.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new RequestException($"track is {RequestBody.KindOf(wish)}; it must be true or false.", $"Send {Example}."),
        };
        if (!root.TryGetProperty("regions", out JsonElement regions)) { return new(track, []); }
        return new(track, [.. List(regions, "regions").Select((region, i) => Region(region, $"regions[{i}]"))]);
    }

    private static RegionRequest Region(JsonElement region, string what)
    {
        RequestBody.CheckFields(region, what, Example, "name", "points");
        region.TryGetProperty("name", out JsonElement name);
        region.TryGetProperty("points", out JsonElement points);
        return new(
            RequestBody.Text(name, $"{what}.name", Example), [.. List(points, $"{what}.points").Select((number, i) => RequestBody.Number(number, $"{what}.points[{i}]", Example))]);
    }

    private static JsonElement.ArrayEnumerator List(JsonElement value, string what) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw new RequestException($"{what} is {RequestBody.KindOf(value)}; it must be a list.", $"Send {Example}.");
}
