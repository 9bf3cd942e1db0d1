using System.Runtime.InteropServices;
using OpenVocab.Fuzz;

namespace OpenVocab.Models.Tests;

/// <summary>Official configurations of which only names and shapes are known: as state dictionaries, which do not tell how layers are joined.</summary>
public sealed class StateDictionaryImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("yolov8n-world", "v1, scale n"), InlineData("yolov8n-worldv2", "v2, scale n"), InlineData("yolov8s-world", "v1, scale s"), InlineData("yolov8m-worldv2", "v2, scale m")]
    public void A_state_dictionary_of_an_official_configuration_becomes_a_network_that_runs(string model, string description)
    {
        string keys = SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "keys", model + ".tsv");
        string[][] rows = [.. File.ReadLines(keys).Select(line => line.Split('\t')).Where(row => row.Length >= 2 && row[0].StartsWith("model.", StringComparison.Ordinal))];
        Assert.True(rows.Length > 400);
        File.WriteAllBytes(_folder["state.pt"], Write(rows));

        ImportedModel made = ModelImporter.Import(_folder["state.pt"], _folder["bundle"]);

        Assert.Contains(description, made.Description, StringComparison.Ordinal);
    }

    private static byte[] Write(string[][] rows)
    {
        PickleAssembler pickle = new PickleAssembler().Code('}').Code('(');
        List<byte[]> storages = [];
        Random random = new(7);
        foreach (string[] row in rows)
        {
            long[] shape = row[1] == "scalar" ? [] : [.. row[1].Split('x').Select(side => long.Parse(side, System.Globalization.CultureInfo.InvariantCulture))];
            int count = (int)shape.Aggregate(1L, (all, side) => all * side);
            long[] strides = [.. shape.Select((_, i) => shape[(i + 1)..].Aggregate(1L, (all, side) => all * side))];
            pickle.Text(row[0]).Tensor(FormattableString.Invariant($"{storages.Count}"), count, 0, shape, strides);
            float[] values = new float[count];
            // Variances must not be negative, and sums must stay where float32 is at home.
            for (int i = 0; i < count; i++) { values[i] = row[0].EndsWith("running_var", StringComparison.Ordinal) ? 1 : row[0].Contains("dfl", StringComparison.Ordinal) ? i : (random.NextSingle() - 0.5f) * 0.1f; }
            storages.Add([.. MemoryMarshal.AsBytes<float>(values)]);
        }
        return ZipAssembler.Torch(pickle.Code('u').End(), [.. storages]);
    }
}
