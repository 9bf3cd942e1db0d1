using System.Text.Json;
using OpenVocab.Bundles;
using OpenVocab.Decoding;

namespace OpenVocab.Tests.Decoding;

/// <summary>Decoding and NMS together, from synthetic outputs, against the rows that the reference kept: exactly, in order.</summary>
public class GoldenNmsTests
{
    private sealed record Case(string Name, JsonElement Parameters);

    public static TheoryData<string> Names() => [.. Cases().Select(found => found.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Kept_rows_equal_the_reference_exactly(string name)
    {
        JsonElement parameters = Cases().Single(found => found.Name == name).Parameters;
        NpzFile arrays = NpzFile.Read(Golden.Path("yolo-world", "nms.npz"));
        NpyFile prediction = arrays[arrays.Contains(name + "_pred") ? name + "_pred" : "e2e_pred"];
        bool endToEnd = prediction.Shape[^1] == 6;
        HashSet<int>? allowed = parameters.TryGetProperty("classes", out JsonElement classes)
            ? [.. classes.EnumerateArray().Select(number => number.GetInt32())]
            : null;
        int count = endToEnd ? 80 : prediction.Shape[1] - 4;
        DecodeSettings settings = new()
        {
            ClassOfRow = [.. Enumerable.Range(0, count).Select(row => allowed is null || allowed.Contains(row) ? row : -1)],
            Thresholds = [.. Enumerable.Repeat((float)Number(parameters, "conf_thres", 0.25), count)],
            SuppressionGroups = [.. Enumerable.Range(0, count)],
            MultiLabel = Flag(parameters, "multi_label"),
            Agnostic = Flag(parameters, "agnostic"),
            IouThreshold = Number(parameters, "iou_thres", 0.45),
            MaxDetections = (int)Number(parameters, "max_det", 300),
            MaxCandidates = (int)Number(parameters, "max_nms", 30_000),
        };

        List<float[]> kept = GoldenRows.Decode(prediction, 0, settings, endToEnd ? new EndToEndDecoder() : new ChannelMajorDecoder(), out List<int> anchors);

        Assert.Equal(GoldenRows.Read(arrays[name + "_out_0"]), kept);
        if (arrays.Contains(name + "_idx_0")) { Assert.Equal(arrays[name + "_idx_0"].ToInts(), anchors); }
    }

    private static List<Case> Cases()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("yolo-world", "nms.json")));
        return [.. golden.RootElement.EnumerateArray().Select(row => new Case(row.GetProperty("name").GetString()!, row.Clone()))];
    }

    private static double Number(JsonElement row, string name, double missing) =>
        row.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : missing;

    private static bool Flag(JsonElement row, string name) => row.TryGetProperty(name, out JsonElement value) && value.GetBoolean();
}
