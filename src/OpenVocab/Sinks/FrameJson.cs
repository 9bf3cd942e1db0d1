using System.Text.Json;
using OpenVocab.Counting;

namespace OpenVocab.Sinks;

/// <summary>A frame and what was found in it as a JSON object: the one form for files, standard output and the network.</summary>
internal static class FrameJson
{
    internal static JsonWriterOptions Options { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Write(Utf8JsonWriter json, JsonEncodedText source, Frame frame, FrameResult result)
    {
        json.WriteStartObject();
        json.WriteString("source", source);
        json.WriteNumber("frame", frame.Index);
        json.WriteNumber("time", Math.Round(frame.Time.TotalSeconds, 6));
        if (frame.CapturedAt is { } at) { json.WriteString("at", at.UtcDateTime); }
        json.WriteNumber("width", result.Width);
        json.WriteNumber("height", result.Height);
        json.WriteStartArray("detections");
        foreach (Detection found in result.Items)
        {
            json.WriteStartObject();
            json.WriteString("class", result.NameOf(found));
            json.WriteNumber("classId", found.ClassId);
            json.WriteNumber("score", Round(found.Score, 5));
            json.WriteStartArray("box");
            json.WriteNumberValue(Round(found.Box.X1, 2));
            json.WriteNumberValue(Round(found.Box.Y1, 2));
            json.WriteNumberValue(Round(found.Box.X2, 2));
            json.WriteNumberValue(Round(found.Box.Y2, 2));
            json.WriteEndArray();
            if (found.TrackId is { } track) { json.WriteNumber("trackId", track); }
            if (found.Verification is { } verification) { json.WriteNumber("verification", Round(verification, 5)); }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (result.Counts.Count > 0) { WriteCounts(json, result.Counts); }
        json.WriteStartObject("timings");
        json.WriteNumber("preprocess", Math.Round(result.Timings.Preprocess.TotalMilliseconds, 3));
        json.WriteNumber("inference", Math.Round(result.Timings.Inference.TotalMilliseconds, 3));
        json.WriteNumber("postprocess", Math.Round(result.Timings.Postprocess.TotalMilliseconds, 3));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, IReadOnlyList<RegionCounts> counts)
    {
        json.WriteStartArray("counts");
        foreach (RegionCounts region in counts)
        {
            bool zone = region.Region is CountZone;
            json.WriteStartObject();
            json.WriteString("name", region.Region.Name);
            json.WriteString("kind", zone ? "zone" : "line");
            json.WriteStartObject("classes");
            foreach (ClassCounts found in region.Classes)
            {
                json.WriteStartObject(found.Class);
                json.WriteNumber("in", found.In);
                json.WriteNumber("out", found.Out);
                if (zone)
                {
                    json.WriteNumber("inside", found.Inside);
                    json.WriteNumber("meanDwell", Math.Round(found.MeanDwell.TotalSeconds, 3));
                    json.WriteNumber("longestDwell", Math.Round(found.LongestDwell.TotalSeconds, 3));
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // By decimal: 0.87 as a double of a rounded float would print sixteen digits.
    private static decimal Round(float value, int digits) => Math.Round((decimal)value, digits);
}
