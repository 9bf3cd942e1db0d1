using System.Text.Json;

namespace OpenVocab.Evaluation;

/// <summary>An entry of <c>images</c>, as it stands in the file.</summary>
internal sealed record CocoImage(EntryId Id, string FileName, int Width, int Height, IReadOnlyList<EntryId>? Absent, IReadOnlyList<EntryId>? NotExhaustive)
{
    private const int LargestSide = 1_000_000;

    /// <param name="element">An entry of the list.</param>
    /// <param name="fault">Why it cannot be used, or null.</param>
    internal static CocoImage Read(JsonElement element, out string? fault)
    {
        fault = null;
        if (!TryGetId(element, out EntryId id))
        {
            fault = "it has no id";
            return new(id, "", 0, 0, null, null);
        }
        // LVIS has the address alone.
        string name = Text(element, "file_name") ?? (Text(element, "coco_url") is { } address ? Path.GetFileName(address) : "");
        if (name.Contains('\0', StringComparison.Ordinal)) { fault = "its file_name holds a zero"; }
        return new(id, name, Side(element, "width"), Side(element, "height"), Ids(element, "neg_category_ids"), Ids(element, "not_exhaustive_category_ids"));
    }

    /// <param name="folder">What the file names are relative to.</param>
    /// <param name="categories">Index of each category.</param>
    internal DatasetImage Resolve(string folder, Dictionary<EntryId, int> categories)
    {
        int[] Indices(IReadOnlyList<EntryId>? ids) => [.. (ids ?? []).Select(id => categories.GetValueOrDefault(id, CocoIds.NotEvaluated)).Where(index => index >= 0)];
        return new(Id.ToString(), FileName.Length == 0 ? "" : Path.Combine(folder, FileName), Width, Height)
        {
            Federated = Absent is null && NotExhaustive is null ? null : new(Indices(Absent), Indices(NotExhaustive)),
        };
    }

    internal static string? Text(JsonElement element, string field) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal static bool TryGetId(JsonElement element, out EntryId id)
    {
        id = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty("id", out JsonElement value) && TryConvert(value, out id);
    }

    private static bool TryConvert(JsonElement value, out EntryId id)
    {
        Utf8JsonReader reader = new(System.Text.Encoding.UTF8.GetBytes(value.GetRawText()));
        reader.Read();
        return EntryId.TryRead(ref reader, out id);
    }

    private static int Side(JsonElement element, string field) =>
        element.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double side) && side is > 0 and <= LargestSide ? (int)side : 0;

    private static List<EntryId>? Ids(JsonElement element, string field)
    {
        if (!element.TryGetProperty(field, out JsonElement list) || list.ValueKind != JsonValueKind.Array) { return null; }
        List<EntryId> ids = [];
        foreach (JsonElement value in list.EnumerateArray())
        {
            if (TryConvert(value, out EntryId id)) { ids.Add(id); }
        }
        return ids;
    }
}
