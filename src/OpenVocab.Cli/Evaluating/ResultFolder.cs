using System.Text;
using System.Text.Json;
using OpenVocab.Cli.Plots;
using OpenVocab.Evaluation;
using OpenVocab.Prompts;
using OpenVocab.Sinks;

namespace OpenVocab.Cli.Evaluating;

/// <summary>The files of a measurement: numbers, pictures, detections, and a prompt file with the thresholds that serve best.</summary>
internal static class ResultFolder
{
    /// <summary>Writes them.</summary>
    /// <param name="folder">Is made where it is missing.</param>
    /// <param name="measured">The numbers.</param>
    /// <param name="circumstances">Model and settings.</param>
    /// <param name="prompts">What the model was asked for; null where files were measured.</param>
    /// <param name="audit">Added to the numbers; null where the prompts were not measured.</param>
    /// <param name="threshold">Of the confusion matrix: the score that a detection must exceed.</param>
    /// <returns>Their paths.</returns>
    /// <exception cref="SinkException">They cannot be written.</exception>
    internal static IReadOnlyList<string> Write(string folder, Measurement measured, IReadOnlyList<KeyValuePair<string, string>> circumstances, PromptSet? prompts, PromptsAudit? audit, double threshold)
    {
        List<string> files = [];
        void Add(string name, byte[] content)
        {
            files.Add(Path.Combine(folder, name));
            AtomicFile.Write(files[^1], content);
        }
        Add("metrics.json", Encoding.UTF8.GetBytes(MeasurementJson.File(measured, circumstances, audit)));
        Add("words.yaml", Encoding.UTF8.GetBytes(PromptFile.ToYaml(WithThresholds(measured, prompts))));
        string[] names = [.. measured.Dataset.Classes.Select(each => each.Name)];
        string title = Path.GetFileName(Path.TrimEndingDirectorySeparator(measured.Dataset.Name));
        Add("precision-recall.png", PrecisionRecallPlot.Draw(title, measured.Report, names));
        Add("confusion.png", ConfusionPlot.Draw(title, Confused(measured, threshold), names));
        if (prompts is not null && measured.Dataset.Ids is { } ids) { Add("detections.json", WriteDetections(measured, ids)); }
        return files;
    }

    private static ConfusionMatrix Confused(Measurement measured, double threshold) =>
        ConfusionMatrix.Count(measured.Dataset.Images.Count, measured.Dataset.Classes.Count, [.. measured.Dataset.Labels], [.. measured.Detections], threshold);

    /// <summary>Each class with the threshold that serves it best; a class of which nothing was found keeps the model's.</summary>
    private static PromptSet WithThresholds(Measurement measured, PromptSet? prompts)
    {
        PromptSet all = prompts ?? DatasetPrompts.Of(measured.Dataset);
        return new(all.Classes.Zip(measured.Report.Classes, (prompt, found) => prompt with { Threshold = found.Best is { } best ? (float)Math.Clamp(best.Threshold, 0, 1) : null }), all.Background, all.Templates);
    }

    // All digits: measured again, the file gives the same numbers.
    private static byte[] WriteDetections(Measurement measured, CocoIds ids)
    {
        EntryId[] images = Invert(ids.Images, measured.Dataset.Images.Count), categories = Invert(ids.Categories, measured.Dataset.Classes.Count);
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartArray();
            foreach (ScoredBox found in measured.Detections)
            {
                json.WriteStartObject();
                WriteId(json, "image_id", images[found.Image]);
                WriteId(json, "category_id", categories[found.Class]);
                json.WriteStartArray("bbox");
                foreach (double side in (ReadOnlySpan<double>)[found.X, found.Y, found.Width, found.Height]) { json.WriteNumberValue(side); }
                json.WriteEndArray();
                json.WriteNumber("score", found.Score);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return bytes.ToArray();
    }

    private static EntryId[] Invert(IReadOnlyDictionary<EntryId, int> indices, int count)
    {
        EntryId[] ids = new EntryId[count];
        foreach ((EntryId id, int index) in indices)
        {
            if (index >= 0) { ids[index] = id; }
        }
        return ids;
    }

    private static void WriteId(Utf8JsonWriter json, string field, EntryId id)
    {
        if (id.Text is { } text) { json.WriteString(field, text); }
        else { json.WriteNumber(field, id.Number); }
    }
}
