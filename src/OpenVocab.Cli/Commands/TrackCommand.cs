using System.CommandLine;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenVocab.Tracking;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab track</c>: gives detections of a file their track ids, for comparing with other trackers.</summary>
internal static class TrackCommand
{
    private const long LargestFile = 1024L * 1024 * 1024;

    internal static Command Create()
    {
        Option<string> detections = new("--detections")
        {
            Description = "JSON: {\"parameters\": {…}, \"frames\": [{\"detections\": [{\"box\": [x1,y1,x2,y2], \"score\", \"classId\"}]}]}; parameters that are missing have their defaults.",
            HelpName = "FILE",
            Required = true,
        };
        Option<bool> json = new("--json") { Description = "Write the file back to standard output, with the tracks of each frame in it. Without it: a line per frame." };
        Command command = new("track", "Follows the detections of a file from frame to frame (ByteTrack).") { detections, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(detections);
            JsonObject root = Read(path);
            try { Follow(root); }
            catch (FormatException fault) { throw Bad(path, fault.Message, fault); }
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) { output.WriteLine(root.ToJsonString()); }
            else { PrintLines(root, output); }
            return ExitCodes.Success;
        });
        return command;
    }

    private static JsonObject Read(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > LargestFile) { throw Bad(path, $"it has {file.Length} bytes; at most {LargestFile} are read", null); }
            return JsonNode.Parse(File.ReadAllBytes(path), documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject ?? throw Bad(path, "it is no JSON object", null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceFault.NotReadable, $"{path}: the file cannot be read: {fault.Message}", "Check the path and its rights.", fault);
        }
        catch (JsonException fault) { throw Bad(path, fault.Message, fault); }
    }

    private static void Follow(JsonObject root)
    {
        JsonObject? parameters = root["parameters"] is { } given ? Get<JsonObject>(given, "the field parameters", "an object") : null;
        ByteTracker tracker = new(ReadOptions(parameters ?? []));
        int number = 0;
        foreach (JsonNode? node in Get<JsonArray>(root["frames"], "the field frames", "a list"))
        {
            string place = $"frame {number++}";
            JsonObject frame = Get<JsonObject>(node, place, "an object");
            JsonArray rows = Get<JsonArray>(frame["detections"], $"{place}: the field detections", "a list");
            IReadOnlyList<TrackedDetection> tracks = tracker.Update([.. rows.Select((row, i) => ReadDetection(row, $"{place}, detection {i}"))]);
            frame["tracks"] = new JsonArray([.. tracks.Select(ToJson)]);
        }
    }

    private static ByteTrackerOptions ReadOptions(JsonObject parameters)
    {
        ByteTrackerOptions defaults = new();
        T Read<T>(string name, T missing) where T : struct, INumberBase<T> => parameters[name] is { } value ? Number<T>(value, $"the parameter {name}") : missing;
        return new()
        {
            HighThreshold = Read("track_high_thresh", defaults.HighThreshold),
            LowThreshold = Read("track_low_thresh", defaults.LowThreshold),
            NewTrackThreshold = Read("new_track_thresh", defaults.NewTrackThreshold),
            Buffer = Read("track_buffer", defaults.Buffer),
            MatchThreshold = Read("match_thresh", defaults.MatchThreshold),
            FuseScore = parameters["fuse_score"] is { } fuse ? (fuse as JsonValue)?.TryGetValue(out bool wish) == true ? wish : throw new FormatException("the parameter fuse_score is neither true nor false") : defaults.FuseScore,
            FrameRate = Read("frame_rate", defaults.FrameRate),
        };
    }

    private static Detection ReadDetection(JsonNode? node, string place)
    {
        JsonObject row = Get<JsonObject>(node, place, "an object");
        JsonArray box = Get<JsonArray>(row["box"], $"{place}: the field box", "a list");
        if (box.Count != 4) { throw new FormatException($"{place}: the field box has {box.Count} numbers; it must have four: x1, y1, x2, y2"); }
        float[] sides = [.. box.Select((side, i) => Number<float>(side, $"{place}: box[{i}]"))];
        int id = row["classId"] is { } given ? Number<int>(given, $"{place}: the field classId") : 0;
        return new(id, Number<float>(row["score"], $"{place}: the field score"), new Box(sides[0], sides[1], sides[2], sides[3]));
    }

    private static T Get<T>(JsonNode? node, string what, string kind) where T : JsonNode =>
        node as T ?? throw new FormatException(node is null ? $"{what} is missing or null; it must be {kind}" : $"{what} is {Shown(node)}; it must be {kind}");

    private static T Number<T>(JsonNode? node, string what) where T : struct, INumberBase<T>
    {
        string kind = typeof(T) == typeof(int) ? "a whole number" : "a number";
        JsonValue value = Get<JsonValue>(node, what, kind);
        return value.TryGetValue(out T number) && T.IsFinite(number) ? number : throw new FormatException($"{what} is {Shown(value)}; it must be {kind}");
    }

    private static string Shown(JsonNode node) => node.ToJsonString() is { Length: > 40 } text ? text[..40] + "…" : node.ToJsonString();

    private static JsonObject ToJson(TrackedDetection track)
    {
        Box box = track.Detection.Box;
        return new()
        {
            ["trackId"] = track.Detection.TrackId,
            ["box"] = new JsonArray(Round(box.X1), Round(box.Y1), Round(box.X2), Round(box.Y2)),
            ["score"] = (decimal)track.Detection.Score,
            ["classId"] = track.Detection.ClassId,
            ["detection"] = track.Index,
        };
    }

    private static void PrintLines(JsonObject root, TextWriter output)
    {
        int number = 0;
        foreach (JsonNode? frame in root["frames"]!.AsArray())
        {
            output.WriteLine(Invariant($"frame {number++}: {string.Join(", ", frame!["tracks"]!.AsArray().Select(track => $"#{track!["trackId"]}"))}"));
        }
    }

    private static JsonValue Round(float value) => JsonValue.Create(Math.Round((decimal)value, 4));

    private static SourceException Bad(string path, string why, Exception? fault) =>
        new(SourceFault.Unsupported, $"{path}: this is no file of detections: {why}.", "openvocab track --help shows its form.", fault);
}
