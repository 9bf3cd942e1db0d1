using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using OpenVocab.Inference;
using OpenVocab.Models.Onnx;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Quantization;

/// <summary>Runs the float network over pictures and remembers what its values were.</summary>
internal static class Calibrator
{
    /// <param name="model">The float network; a copy of it is run.</param>
    /// <param name="values">What to look at; no inputs.</param>
    /// <param name="frames">Pictures.</param>
    /// <param name="text">Unit vectors, row after row.</param>
    /// <param name="signature">How the network is fed.</param>
    /// <param name="progress">Told after each picture, of both passes.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static IReadOnlyDictionary<string, ActivationHistogram> Run(
        ModelProto model, IReadOnlyCollection<string> values, IReadOnlyList<CalibrationFrame> frames, float[] text, ModelSignature signature, Action progress, CancellationToken cancellation)
    {
        Dictionary<string, ActivationHistogram> seen = values.ToDictionary(value => value, _ => new ActivationHistogram(), StringComparer.Ordinal);
        using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = Environment.ProcessorCount };
        using InferenceSession session = new(Expose(model, values).ToByteArray(), options);
        using RunOptions run = new();
        string[] names = [.. values];
        void Look(CalibrationFrame frame, Action<string, OrtValue> take)
        {
            cancellation.ThrowIfCancellationRequested();
            float[] planes = new float[frame.Levels.Length];
            frame.Fill(planes);
            using OrtValue picture = OrtValue.CreateTensorValueFromMemory(planes, [1, 3, frame.Height, frame.Width]);
            using OrtValue words = OrtValue.CreateTensorValueFromMemory(text, signature.Text!.ShapeFor(text.Length / signature.Text.Dimensions, 1));
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, [signature.Picture.Name, signature.Text.Name], [picture, words], names);
            for (int i = 0; i < names.Length; i++) { take(names[i], outputs[i]); }
            progress();
        }
        foreach (CalibrationFrame frame in frames) { Look(frame, (name, value) => seen[name].Widen(name, value.GetTensorDataAsSpan<float>(), value.GetTensorTypeAndShape().Shape)); }
        foreach (CalibrationFrame frame in frames) { Look(frame, (name, value) => seen[name].Count(value.GetTensorDataAsSpan<float>())); }
        return seen;
    }

    private static ModelProto Expose(ModelProto model, IReadOnlyCollection<string> values)
    {
        ModelProto copy = model.Clone();
        copy.Graph.Output.Clear();
        foreach (string value in values)
        {
            copy.Graph.Output.Add(new ValueInfoProto { Name = value, Type = new() { TensorType = new() { ElemType = (int)DataType.Float } } });
        }
        return copy;
    }
}
