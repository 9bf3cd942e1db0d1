using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenVocab.Clip;

namespace OpenVocab.Cli.Comparing;

/// <summary>The labels of a picture as a JSON object in one line.</summary>
internal static class ClassificationJson
{
    /// <summary>Letters of all languages as they are: these lines are read by programs and people, and stand in no web page.</summary>
    internal static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Line(string picture, IEnumerable<LabelProbability> labels)
    {
        JsonArray list = [.. labels.Select(label => new JsonObject
        {
            ["label"] = label.Label,
            ["probability"] = Math.Round((decimal)label.Probability, 6),
            ["cosine"] = Math.Round((decimal)label.Cosine, 6),
        })];
        return new JsonObject { ["picture"] = picture, ["labels"] = list }.ToJsonString(Options);
    }
}
