using System.Buffers;
using System.Text;
using System.Text.Json;
using OpenVocab.Evaluation;

namespace OpenVocab.Cli.Evaluating;

/// <summary>The numbers as JSON: fractions of 1, and -1 where there is nothing to average, as in the reference tools.</summary>
internal static class MeasurementJson
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What <c>--json</c> prints, in one line.</summary>
    /// <param name="measured">The numbers.</param>
    /// <param name="audit">Added where the prompts were measured, too.</param>
    internal static string Line(Measurement measured, PromptsAudit? audit) => Write(new() { Encoder = s_indented.Encoder }, json =>
    {
        WriteStats(json, measured);
        json.WriteStartArray("perClass");
        foreach ((DatasetClass name, ClassEvaluation found) in measured.Dataset.Classes.Zip(measured.Report.Classes))
        {
            json.WriteStartObject();
            WriteClass(json, name, found);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        audit?.Write(json);
    });

    /// <summary>The file of a run: the same, with all numbers of each class, how they came about, and what is wrong with the data.</summary>
    /// <param name="measured">The numbers.</param>
    /// <param name="circumstances">Model, data, settings.</param>
    /// <param name="audit">Added where the prompts were measured, too.</param>
    internal static string File(Measurement measured, IEnumerable<KeyValuePair<string, string>> circumstances, PromptsAudit? audit) => Write(s_indented, json =>
    {
        foreach ((string name, string value) in circumstances) { json.WriteString(name, value); }
        WriteStats(json, measured);
        json.WriteStartArray("perClass");
        foreach ((DatasetClass name, ClassEvaluation found) in measured.Dataset.Classes.Zip(measured.Report.Classes)) { WriteAll(json, name, found); }
        json.WriteEndArray();
        audit?.Write(json);
        json.WriteNumber("problemCount", measured.Dataset.Problems.Count);
        json.WriteStartArray("problems");
        foreach (DataProblem problem in measured.Dataset.Problems.First) { json.WriteStringValue(problem.ToString()); }
        json.WriteEndArray();
    });

    private static void WriteStats(Utf8JsonWriter json, Measurement measured)
    {
        json.WriteStartObject("stats");
        foreach ((string name, double value) in measured.Stats()) { json.WriteNumber(name, value); }
        json.WriteEndObject();
    }

    private static void WriteClass(Utf8JsonWriter json, DatasetClass name, ClassEvaluation found)
    {
        json.WriteString("name", name.Name);
        json.WriteNumber("boxes", found.Boxes);
        json.WriteNumber("AP", found.Accuracy.AP);
        json.WriteNumber("AP50", found.Accuracy.AP50);
    }

    private static void WriteAll(Utf8JsonWriter json, DatasetClass name, ClassEvaluation found)
    {
        json.WriteStartObject();
        WriteClass(json, name, found);
        json.WriteNumber("AP75", found.Accuracy.AP75);
        json.WriteNumber("APs", found.Accuracy.APSmall);
        json.WriteNumber("APm", found.Accuracy.APMedium);
        json.WriteNumber("APl", found.Accuracy.APLarge);
        json.WriteNumber("AR100", found.Accuracy.AR100);
        if (found.Best is { } best)
        {
            json.WriteStartObject("best");
            json.WriteNumber("threshold", best.Threshold);
            json.WriteNumber("precision", best.Precision);
            json.WriteNumber("recall", best.Recall);
            json.WriteNumber("F1", best.F1);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string Write(JsonWriterOptions options, Action<Utf8JsonWriter> fill)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes, options))
        {
            json.WriteStartObject();
            fill(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
