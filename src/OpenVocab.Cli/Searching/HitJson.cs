using System.Text.Json.Nodes;
using OpenVocab.Cli.Comparing;
using OpenVocab.Search;

namespace OpenVocab.Cli.Searching;

/// <summary>A picture that was found as a JSON object in one line.</summary>
internal static class HitJson
{
    internal static string Line(int rank, ImageHit hit) => new JsonObject
    {
        ["rank"] = rank,
        ["score"] = Math.Round((decimal)hit.Score, 6),
        ["name"] = hit.Name,
        ["path"] = hit.Path,
    }.ToJsonString(ClassificationJson.Options);
}
