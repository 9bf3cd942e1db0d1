using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using OpenVocab.Bundles;
using OpenVocab.Inference;
using OpenVocab.Text;

namespace OpenVocab.Models;

/// <summary>Runs a graph once before anybody else does: weights that do not fit together show here, and not in a detector.</summary>
internal static class TrialRun
{
    /// <summary>Below this the two encoders do not mean the same: halves and other roundings stay above 0.99.</summary>
    private const float SameMeaning = 0.9f;

    private const int Side = 64, Compared = 8;

    internal static void Detector(string path, int dimensions)
    {
        float[] text = new float[dimensions];
        text[0] = 1;
        Run(path, [("images", Pixels(Side), [1, 3, Side, Side]), ("text", text, [1, dimensions])], []);
    }

    internal static void ImageEncoder(string path, int side) => Run(path, [("pixel_values", Pixels(side), [1, 3, side, side])], []);

    internal static void TextEncoder(string path, long? end) => Run(path, [], [("input_ids", [0, 1, end ?? 2], [1, 3])]);

    /// <summary>Whether the words that the detector brings mean the same to the text encoder that it is joined with.</summary>
    internal static void CompareEmbeddings(BundleWriter bundle, CheckpointVocabulary vocabulary, int positions, List<string> notes)
    {
        if (bundle.Find(BundleRoles.Tokenizer) is not { } tokenizer) { return; }
        string[] names = [.. vocabulary.Names.Where(name => !name.StartsWith("class ", StringComparison.Ordinal)).Take(Compared)];
        if (names.Length == 0) { return; }
        using ClipTextEncoder encoder = new(bundle.Find(BundleRoles.TextEncoder)!, ClipTokenizer.Open(tokenizer), positions, 0);
        IReadOnlyList<float[]> embeddings = encoder.Encode(names);
        int dimensions = (int)vocabulary.Rows.Shape[^1];
        float cosine = names.Select((name, i) => TensorPrimitives.Dot(embeddings[i], vocabulary.Rows.Values.Slice(vocabulary.Names.ToList().IndexOf(name) * dimensions, dimensions))).Average();
        if (cosine < SameMeaning)
        {
            notes.Add(Invariant($"The text encoder and the detector do not seem to belong together: of the words that the checkpoint brings, both embeddings have a mean cosine of {cosine:0.00}; the right encoder gives 1.00. Words that you type may find nothing."));
        }
    }

    private static InferenceSession Open(string path, SessionOptions settings)
    {
        try { return new(path, settings); }
        catch (OnnxRuntimeException fault) { throw SessionFactory.RunFailed(Path.GetFileName(path), fault); }
    }

    private static float[] Pixels(int side)
    {
        float[] pixels = new float[3 * side * side];
        Array.Fill(pixels, 0.5f);
        return pixels;
    }

    private static void Run(string path, (string Name, float[] Values, long[] Shape)[] numbers, (string Name, long[] Values, long[] Shape)[] ids)
    {
        // The weights that were just written are garbage now, and lie in memory: a person's machine may not hold them twice.
#pragma warning disable RS0030 // a file of hundreds of megabytes, once: not a hot path
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
#pragma warning restore RS0030
        // As written: optimizing would copy all weights once more, and is tried by whoever uses the model.
        using SessionOptions settings = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, EnableCpuMemArena = false };
        settings.AddSessionConfigEntry("session.disable_prepacking", "1");
        using InferenceSession session = Open(path, settings);
        OrtValue[] values = [.. numbers.Select(input => OrtValue.CreateTensorValueFromMemory(input.Values, input.Shape)), .. ids.Select(input => OrtValue.CreateTensorValueFromMemory(input.Values, input.Shape))];
        try
        {
            using RunOptions options = new();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, [.. numbers.Select(input => input.Name), .. ids.Select(input => input.Name)], values, session.OutputNames);
            foreach (OrtValue output in outputs)
            {
                if (output.GetTensorDataAsSpan<float>().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)) { throw new ModelException($"{Path.GetFileName(path)}: the network gives numbers that are not finite.", "The checkpoint is damaged, or was saved after a training that failed."); }
            }
        }
        catch (OnnxRuntimeException fault) { throw SessionFactory.RunFailed(Path.GetFileName(path), fault); }
        finally
        {
            foreach (OrtValue value in values) { value.Dispose(); }
        }
    }
}
