using System.Text.Json.Nodes;
using OpenVocab.Cli.Comparing;
using OpenVocab.Search;

namespace OpenVocab.Cli.Searching;

/// <summary>A thing that was found as a JSON object in one line. Times are seconds since the start of the video, boxes pixels of it.</summary>
internal static class AnswerJson
{
    internal static string Line(int rank, VideoAnswer answer) => new JsonObject
    {
        ["rank"] = rank,
        ["words"] = answer.Words,
        ["score"] = Math.Round((decimal)answer.Score, 6),
        ["source"] = answer.Path,
        ["kind"] = answer.Kind.ToString().ToLowerInvariant(),
        ["from"] = Seconds(answer.From),
        ["to"] = Seconds(answer.To),
        ["time"] = Seconds(answer.BestTime),
        ["box"] = new JsonArray(Pixel(answer.Box.X1), Pixel(answer.Box.Y1), Pixel(answer.Box.X2), Pixel(answer.Box.Y2)),
        ["track"] = answer.Track,
        ["frames"] = answer.Frames,
        ["problem"] = answer.SourceProblem,
    }.ToJsonString(ClassificationJson.Options);

    private static decimal Seconds(TimeSpan time) => Math.Round((decimal)time.TotalSeconds, 6);

    private static decimal Pixel(float value) => Math.Round((decimal)value, 2);
}
