using System.Text.Json;

namespace OpenVocab.Evaluation;

/// <summary>Reads detections in COCO's form: a list of <c>{"image_id", "category_id", "bbox": [x, y, width, height], "score"}</c>. Safe for any number of threads.</summary>
public static class CocoDetections
{
    private const string Remedy = "Detections are a list of {\"image_id\", \"category_id\", \"bbox\": [x, y, width, height], \"score\"}.";

    /// <summary>Reads a file.</summary>
    /// <param name="path">Up to 2 GB.</param>
    /// <param name="dataset">What the ids mean: of a COCO file.</param>
    /// <param name="problems">Gets what is wrong with single detections; these are left out.</param>
    /// <exception cref="SourceException">The file is missing, no JSON, or has another form.</exception>
    /// <exception cref="ArgumentException">The data set has no ids, because it is no COCO file.</exception>
    public static IReadOnlyList<ScoredBox> Read(string path, LabelledDataset dataset, DataProblems problems)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(problems);
        CocoIds ids = dataset.Ids ?? throw new ArgumentException($"{dataset.Name} is no COCO file: its pictures and classes have no ids that detections could name.", nameof(dataset));
        CocoJson json = CocoJson.Open(path);
        try { return Read(json, ids, problems); }
        catch (Exception fault) when (CocoJson.IsBroken(fault)) { throw json.Broken(fault); }
    }

    private static List<ScoredBox> Read(CocoJson json, CocoIds ids, DataProblems problems)
    {
        Utf8JsonReader reader = new(json.Bytes, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        bool isList = reader.Read() && reader.TokenType == JsonTokenType.StartArray;
        if (!isList) { throw json.Other("it holds no list, so it is no file of detections", Remedy); }
        List<ScoredBox> detections = [];
        int number = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            number++;
            CocoEntry entry = CocoEntry.Read(ref reader);
            if (entry.Score is null) { entry.Fault ??= "it has no score"; }
            if (!ids.TryFind(entry, () => json.PlaceOf(Invariant($"detection {number}"), entry.At), problems, out int image, out int classId) || classId == CocoIds.NotEvaluated) { continue; }
            if (!(entry.Width > 0 && entry.Height > 0))
            {
                problems.Add(json.PlaceOf(Invariant($"detection {number}"), entry.At), Invariant($"its box is {entry.Width} x {entry.Height} pixels: it can match nothing; it counts as a mistake, as in pycocotools"));
            }
            detections.Add(new(image, classId, entry.X, entry.Y, entry.Width, entry.Height, entry.Score!.Value));
        }
        reader.Read(); // what follows the list is an error
        return detections;
    }
}
