using System.Text.Json;
using OpenVocab.Tracking;

namespace OpenVocab.Tests.Tracking;

public class ByteTrackerTests
{
    public static TheoryData<string> Sequences() => [.. Directory.GetFiles(Golden.Path("bytetrack"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory, MemberData(nameof(Sequences))]
    public void Ids_order_and_boxes_equal_the_reference(string name)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("bytetrack", name + ".json")));
        JsonElement parameters = golden.RootElement.GetProperty("parameters");
        ByteTracker tracker = new(new()
        {
            HighThreshold = parameters.GetProperty("track_high_thresh").GetSingle(),
            LowThreshold = parameters.GetProperty("track_low_thresh").GetSingle(),
            NewTrackThreshold = parameters.GetProperty("new_track_thresh").GetSingle(),
            Buffer = parameters.GetProperty("track_buffer").GetInt32(),
            MatchThreshold = parameters.GetProperty("match_thresh").GetDouble(),
            FuseScore = parameters.GetProperty("fuse_score").GetBoolean(),
            FrameRate = parameters.GetProperty("frame_rate").GetDouble(),
        });
        foreach (JsonElement frame in golden.RootElement.GetProperty("frames").EnumerateArray())
        {
            IReadOnlyList<TrackedDetection> tracks = tracker.Update([.. frame.GetProperty("detections").EnumerateArray().Select(row =>
                new Detection(row.GetProperty("classId").GetInt32(), row.GetProperty("score").GetSingle(), ReadBox(row)))]);

            JsonElement[] expected = [.. frame.GetProperty("tracks").EnumerateArray()];
            Assert.Equal(
                expected.Select(row => (row.GetProperty("trackId").GetInt32(), row.GetProperty("detection").GetInt32(), row.GetProperty("classId").GetInt32())),
                tracks.Select(track => (track.Detection.TrackId!.Value, track.Index, track.Detection.ClassId)));
            foreach ((JsonElement row, TrackedDetection track) in expected.Zip(tracks))
            {
                Box box = ReadBox(row), actual = track.Detection.Box;
                Assert.Equal(row.GetProperty("score").GetSingle(), track.Detection.Score);
                Assert.Equal(box.X1, actual.X1, 0.01f);
                Assert.Equal(box.Y1, actual.Y1, 0.01f);
                Assert.Equal(box.X2, actual.X2, 0.01f);
                Assert.Equal(box.Y2, actual.Y2, 0.01f);
            }
        }
    }

    [Fact]
    public void Boxes_without_an_area_and_scores_that_are_no_numbers_are_left_out()
    {
        ByteTracker tracker = new();
        Detection[] odd = [new(0, 0.9f, new Box(5, 5, 5, 9)), new(0, float.NaN, new Box(1, 1, 9, 9)), new(0, 0.9f, new Box(float.NaN, 1, 9, 9)), new(0, 0.9f, new Box(1, 1, 9, 9))];

        Assert.Equal(3, Assert.Single(tracker.Update(odd)).Index);
        Assert.Equal(1, Assert.Single(tracker.Update(odd)).Detection.TrackId);
    }

    [Fact]
    public void All_faulty_options_are_reported_together()
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => new ByteTracker(new() { HighThreshold = 2, Buffer = -1, FrameRate = double.NaN }));

        foreach (string part in new[] { "HighThreshold is 2", "Buffer is -1", "FrameRate is NaN" }) { Assert.Contains(part, thrown.Message, StringComparison.Ordinal); }
    }

    private static Box ReadBox(JsonElement row) => row.GetProperty("box") is var box
        ? new(box[0].GetSingle(), box[1].GetSingle(), box[2].GetSingle(), box[3].GetSingle()) : default;
}
