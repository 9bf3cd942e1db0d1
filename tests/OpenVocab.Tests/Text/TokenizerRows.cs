using System.Text.Json;

namespace OpenVocab.Tests.Text;

/// <summary>The golden rows: texts with the ids that openai/CLIP gives them.</summary>
internal sealed record TokenizerRow(string Text, string Tag, string[] Cleaned, int[][] Ids)
{
    /// <summary>Where the reference repairs mojibake, which is not asked of us, its result without the repair is right as well.</summary>
    internal static IReadOnlyList<TokenizerRow> Read()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("clip", "tokenizer-rows.json")));
        return [.. golden.RootElement.GetProperty("rows").EnumerateArray().Select(row => new TokenizerRow(
            row.GetProperty("text").GetString()!, row.GetProperty("tag").GetString()!,
            [.. Either(row, "cleaned", "cleaned_no_repair").Select(value => value.GetString()!)],
            [.. Either(row, "ids", "ids_no_repair").Select(value => value.EnumerateArray().Select(id => id.GetInt32()).ToArray())]))];
    }

    private static IEnumerable<JsonElement> Either(JsonElement row, string name, string other)
    {
        yield return row.GetProperty(name);
        if (row.TryGetProperty(other, out JsonElement value)) { yield return value; }
    }
}
