using System.Text.Json;

namespace OpenVocab.TestKit;

/// <summary>The boxes that were drawn by hand into the sample pictures (COCO format).</summary>
public static class SampleLabels
{
    /// <summary>Boxes of one class in one picture.</summary>
    public static IReadOnlyList<Box> Read(string picture, string name)
    {
        using JsonDocument labels = JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Get("samples", "media", "labels.json")));
        JsonElement root = labels.RootElement;
        long image = Id(root.GetProperty("images"), "file_name", picture), category = Id(root.GetProperty("categories"), "name", name);
        return
        [
            .. root.GetProperty("annotations").EnumerateArray()
                .Where(row => row.GetProperty("image_id").GetInt64() == image && row.GetProperty("category_id").GetInt64() == category)
                .Select(row => row.GetProperty("bbox").EnumerateArray().Select(value => value.GetSingle()).ToArray())
                .Select(box => new Box(box[0], box[1], box[0] + box[2], box[1] + box[3])),
        ];
    }

    /// <summary>Intersection over union.</summary>
    public static double Overlap(Box a, Box b)
    {
        double shared = Math.Max(Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1), 0) * Math.Max(Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1), 0);
        return shared / ((double)a.Width * a.Height + (double)b.Width * b.Height - shared);
    }

    private static long Id(JsonElement list, string field, string value) =>
        list.EnumerateArray().Single(row => row.GetProperty(field).GetString() == value).GetProperty("id").GetInt64();
}
