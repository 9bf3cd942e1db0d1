using System.Text.Json;
using OpenVocab.Models.Checkpoints;

namespace OpenVocab.Models.Tests.Checkpoints;

/// <summary>Small files of every container against the values that the reference wrote into them.</summary>
public class ContainerTests
{
    public static TheoryData<string> Files()
    {
        using JsonDocument list = Read();
        return [.. list.RootElement.EnumerateArray().Select(row => row.GetProperty("file").GetString()!)];
    }

    [Theory, MemberData(nameof(Files))]
    public void Containers_give_their_tensors_or_are_refused(string file)
    {
        using JsonDocument list = Read();
        JsonElement row = list.RootElement.EnumerateArray().Single(found => found.GetProperty("file").GetString() == file);
        string path = Golden.Path("clip", "containers", file);
        if (row.GetProperty("ok").ValueKind == JsonValueKind.False)
        {
            Assert.ThrowsAny<OpenVocabException>(() => Checkpoint.Open(path));
            return;
        }

        using Checkpoint checkpoint = Checkpoint.Open(path);
        Dictionary<string, StoredTensor> tensors = StateDictionary.Of(checkpoint.Root);

        foreach (JsonProperty expected in row.GetProperty("tensors").EnumerateObject())
        {
            StoredTensor found = tensors[expected.Name];
            Assert.Equal(expected.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()), found.Shape);
            Assert.Equal(expected.Value.GetProperty("values").EnumerateArray().Select(value => value.GetSingle()), found.ToFloats().Values.ToArray());
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("nowhere.pt", Assert.Throws<ModelException>(() => Checkpoint.Open("nowhere.pt")).Message, StringComparison.Ordinal);

    private static JsonDocument Read() => JsonDocument.Parse(File.ReadAllBytes(Golden.Path("clip", "containers", "containers.json")));
}
