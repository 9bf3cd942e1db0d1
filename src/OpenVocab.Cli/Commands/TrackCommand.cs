using System.CommandLine;
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
            catch (Exception fault) when (fault is InvalidOperationException or FormatException or KeyNotFoundException or ArgumentOutOfRangeException)
            {
                throw Bad(path, fault.Message, fault);
            }
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
            return JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw Bad(path, "it is no JSON object", null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException(SourceFault.NotReadable, $"{path}: the file cannot be read: {fault.Message}", "Check the path and its rights.", fault);
        }
        catch (JsonException fault) { throw Bad(path, fault.Message, fault); }
    }

    private static void Follow(JsonObject root)
    {
        ByteTracker tracker = new(ReadOptions(root["parameters"]));
        foreach (JsonNode? frame in Require(root, "frames").AsArray())
        {
            JsonArray rows = Require(frame!, "detections").AsArray();
            IReadOnlyList<TrackedDetection> tracks = tracker.Update([.. rows.Select(row => ReadDetection(row!))]);
            frame!["tracks"] = new JsonArray([.. tracks.Select(ToJson)]);
        }
    }

    private static ByteTrackerOptions ReadOptions(JsonNode? json)
    {
        ByteTrackerOptions defaults = new();
        return new()
        {
            HighThreshold = json?["track_high_thresh"]?.GetValue<float>() ?? defaults.HighThreshold,
            LowThreshold = json?["track_low_thresh"]?.GetValue<float>() ?? defaults.LowThreshold,
            NewTrackThreshold = json?["new_track_thresh"]?.GetValue<float>() ?? defaults.NewTrackThreshold,
            Buffer = json?["track_buffer"]?.GetValue<int>() ?? defaults.Buffer,
            MatchThreshold = json?["match_thresh"]?.GetValue<double>() ?? defaults.MatchThreshold,
            FuseScore = json?["fuse_score"]?.GetValue<bool>() ?? defaults.FuseScore,
            FrameRate = json?["frame_rate"]?.GetValue<double>() ?? defaults.FrameRate,
        };
    }

    private static Detection ReadDetection(JsonNode row)
    {
        JsonArray box = Require(row, "box").AsArray();
        float Side(int i) => box[i]!.GetValue<float>();
        return new(row["classId"]?.GetValue<int>() ?? 0, Require(row, "score").GetValue<float>(), new Box(Side(0), Side(1), Side(2), Side(3)));
    }

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

    private static JsonNode Require(JsonNode parent, string name) => parent[name] ?? throw new KeyNotFoundException($"the field {name} is missing");

    private static SourceException Bad(string path, string why, Exception? fault) =>
        new(SourceFault.Unsupported, $"{path}: this is no file of detections: {why}.", "openvocab track --help shows its form.", fault);
}
