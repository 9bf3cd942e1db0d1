using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OpenVocab.Bundles;
using OpenVocab.Inference;
using OpenVocab.Prompts;

namespace OpenVocab.Text;

/// <summary>Words as queries that are multiplied with stored regions: score = f(query · region) equals the score that the detector gives.</summary>
internal static class RegionQueries
{
    /// <summary>What the regions of a detector are. Bundles do not say it in words: one with a query encoder has regions that are asked through it; in all others the region is as long as the word and its bias.</summary>
    /// <exception cref="ModelException">The detector gives no regions, or such that nobody knows how to ask.</exception>
    internal static RegionSpace SpaceOf(ModelBundle bundle, ModelSignature signature)
    {
        if (signature.Text is not { } text || signature.Regions is not { } regions)
        {
            throw new ModelException($"{bundle.Name}: the detector does not give what regions are before they meet words: it has no output \"regions\".",
                "Use the model that comes with OpenVocab, or import yours with regions: openvocab models import … --regions.");
        }
        // Its file may leave the length open, as the detector's may: one word tells.
        if (bundle.Find(BundleRoles.QueryEncoder) is { } encoder) { return new(Run(encoder.Path, new float[text.Dimensions], 1, text.Dimensions).Length, RegionForm.Exponential); }
        return regions.Dimensions == text.Dimensions + 1 ? new(regions.Dimensions, RegionForm.Logistic) : throw new ModelException(
            $"{bundle.Name}: its regions have {regions.Dimensions} numbers, and its words {text.Dimensions}: without a query encoder a region has one number more than a word.",
            "Use a bundle with a query encoder, or import the model anew: openvocab models import … --regions.");
    }

    /// <summary>The queries of a vocabulary's rows.</summary>
    /// <returns><c>rows × dimensions</c> numbers, row after row.</returns>
    /// <exception cref="ModelException">The query encoder cannot be used.</exception>
    internal static float[] Encode(ModelBundle bundle, RegionSpace space, Vocabulary words)
    {
        if (space.Form == RegionForm.Exponential) { return Run(bundle.Require(BundleRoles.QueryEncoder).Path, words.Embeddings, words.Rows, words.Dimensions); }
        float[] queries = new float[words.Rows * space.Dimensions];
        for (int row = 0; row < words.Rows; row++)
        {
            words.Embeddings.Slice(row * words.Dimensions, words.Dimensions).CopyTo(queries.AsSpan(row * space.Dimensions));
            queries[(row + 1) * space.Dimensions - 1] = 1;
        }
        return queries;
    }

    private static float[] Run(string path, ReadOnlySpan<float> words, int rows, int dimensions)
    {
        using InferenceSession session = SessionFactory.Open(path, new DeviceSettings(ExecutionDevice.Cpu, 1), out _);
        using OrtValue input = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [rows, dimensions]);
        words.CopyTo(input.GetTensorMutableDataAsSpan<float>());
        using RunOptions options = new();
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, [session.InputNames[0]], [input], [session.OutputNames[0]]);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
        catch (OnnxRuntimeException fault) { throw SessionFactory.RunFailed(path, fault); }
    }
}
