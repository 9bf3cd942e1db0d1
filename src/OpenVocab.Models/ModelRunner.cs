using Microsoft.ML.OnnxRuntime;
using OpenVocab.Bundles;
using OpenVocab.Inference;
using OpenVocab.Prompts;
using OpenVocab.Sinks;

namespace OpenVocab.Models;

/// <summary>Runs a graph of a bundle on arrays as they are, for comparing with other implementations: no letterbox, no decoding, no NMS.</summary>
public static class ModelRunner
{
    /// <summary>Runs one graph.</summary>
    /// <param name="bundle">Folder of a bundle.</param>
    /// <param name="role">One of <see cref="BundleRoles.Detector"/>, <see cref="BundleRoles.TextEncoder"/>, <see cref="BundleRoles.ImageEncoder"/>; null: what the arrays fit.</param>
    /// <param name="input">
    /// A <c>.npz</c>: <c>images</c> <c>[B, 3, H, W]</c>, float32 0 to 1 or uint8 0 to 255, and <c>text</c> <c>[K, D]</c>, without which the bundle's own vocabulary is taken; or <c>input_ids</c>
    /// <c>[N, L]</c>; or <c>pixel_values</c> <c>[N, 3, S, S]</c>. Other arrays are left alone.
    /// </param>
    /// <param name="output">A <c>.npz</c> of float32 arrays under the graph's names; replaced when it is whole.</param>
    /// <returns>Names and sides of the outputs.</returns>
    /// <exception cref="ModelException">An array is missing or does not fit, or the graph fails.</exception>
    /// <exception cref="SinkException">The output cannot be written.</exception>
    public static IReadOnlyList<(string Name, IReadOnlyList<long> Shape)> Run(string bundle, string? role, string input, string output)
    {
        ModelBundle opened = ModelBundle.Open(bundle);
        NpzFile arrays = NpzFile.Read(input);
        role ??= RoleOf(arrays) ?? throw new ModelException($"{input}: there is no array images, input_ids or pixel_values; the file has {string.Join(", ", arrays.Names)}.", "Save the arrays under these names.");
        string path = opened.Require(role).Path;
        using InferenceSession session = SessionFactory.Open(path, DeviceSettings.Processor, out _);
        List<OrtValue> values = [];
        try
        {
            foreach ((string name, NodeMetadata node) in session.InputMetadata) { values.Add(Value(opened, role, arrays, name, node)); }
            using RunOptions options = new();
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, [.. session.InputMetadata.Keys], values, session.OutputNames);
            (string Name, float[] Values, long[] Shape)[] outputs = [.. session.OutputNames.Zip(results, (name, value) => (name, value.GetTensorDataAsSpan<float>().ToArray(), value.GetTensorTypeAndShape().Shape))];
            using AtomicFile file = new(output);
            NpzFile.Write(file.Stream, outputs);
            file.Commit();
            return [.. outputs.Select(result => (result.Name, (IReadOnlyList<long>)result.Shape))];
        }
        catch (OnnxRuntimeException fault) { throw SessionFactory.RunFailed(path, fault); }
        finally
        {
            foreach (OrtValue value in values) { value.Dispose(); }
        }
    }

    private static string? RoleOf(NpzFile arrays) =>
        arrays.Contains("images") ? BundleRoles.Detector : arrays.Contains("input_ids") ? BundleRoles.TextEncoder : arrays.Contains("pixel_values") ? BundleRoles.ImageEncoder : null;

    private static OrtValue Value(ModelBundle bundle, string role, NpzFile arrays, string name, NodeMetadata node)
    {
        // By role and not by name: every exporter has other names.
        string wanted = role switch { BundleRoles.TextEncoder => "input_ids", BundleRoles.ImageEncoder => "pixel_values", _ => node.Dimensions.Length == 4 ? "images" : "text" };
        if (wanted == "text" && !arrays.Contains("text"))
        {
            Vocabulary vocabulary = bundle.LoadDefaultVocabulary();
            if (vocabulary.Rows == 0) { throw new ModelException($"{bundle.Folder}: the bundle has no vocabulary of its own.", "Give an array text [K, D] as well."); }
            return OrtValue.CreateTensorValueFromMemory(vocabulary.Embeddings.ToArray(), node.Dimensions.Length == 2 ? [vocabulary.Rows, vocabulary.Dimensions] : [1, vocabulary.Rows, vocabulary.Dimensions]);
        }
        NpyFile array = arrays.Contains(name) ? arrays[name] : arrays[wanted];
        long[] shape = Array.ConvertAll(array.Shape, side => (long)side);
        // [1, K, D] and [K, D] are the same words.
        if (wanted == "text" && shape.Length == 3 && node.Dimensions.Length == 2 && shape[0] == 1) { shape = shape[1..]; }
        else if (wanted == "text" && shape.Length == 2 && node.Dimensions.Length == 3) { shape = [1, .. shape]; }
        if (shape.Length != node.Dimensions.Length || shape.Where((side, i) => node.Dimensions[i] > 0 && node.Dimensions[i] != side).Any())
        {
            throw new ModelException($"The array {wanted} is [{string.Join(", ", array.Shape)}]; the graph takes [{string.Join(", ", node.Dimensions.Select(side => side < 0 ? "any" : Invariant($"{side}")))}].", "Save the array with these sides.");
        }
        if (node.ElementType == typeof(long)) { return OrtValue.CreateTensorValueFromMemory(array.ToLongs(), shape); }
        if (node.ElementType == typeof(int)) { return OrtValue.CreateTensorValueFromMemory(array.ToInts(), shape); }
        float[] numbers = array.ToFloats();
        if (wanted == "images" && array.Type == "u1")
        {
            foreach (ref float number in numbers.AsSpan()) { number /= 255f; }
        }
        return OrtValue.CreateTensorValueFromMemory(numbers, shape);
    }
}
