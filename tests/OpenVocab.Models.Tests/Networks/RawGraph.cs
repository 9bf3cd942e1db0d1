using Microsoft.ML.OnnxRuntime;

namespace OpenVocab.Models.Tests.Networks;

/// <summary>Runs an ONNX file on arrays.</summary>
internal static class RawGraph
{
    internal static Dictionary<string, (float[] Values, long[] Shape)> Run(string path, params (string Name, float[] Values, long[] Shape)[] inputs)
    {
        using InferenceSession session = new(path);
        using RunOptions options = new();
        OrtValue[] values = [.. inputs.Select(input => OrtValue.CreateTensorValueFromMemory(input.Values, input.Shape))];
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, [.. inputs.Select(input => input.Name)], values, session.OutputNames);
            return session.OutputNames.Zip(outputs).ToDictionary(pair => pair.First, pair => (pair.Second.GetTensorDataAsSpan<float>().ToArray(), pair.Second.GetTensorTypeAndShape().Shape));
        }
        finally
        {
            foreach (OrtValue value in values) { value.Dispose(); }
        }
    }
}
