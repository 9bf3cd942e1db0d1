using System.Text.Json;

namespace OpenVocab.Cli.Benching;

/// <summary>The times of one input size and number of prompts.</summary>
/// <param name="Input">Size of the network's input.</param>
/// <param name="Precision">fp32 or int8.</param>
/// <param name="Prompts">How many prompts are looked for.</param>
/// <param name="Preprocess">Letterbox and packing.</param>
/// <param name="Inference">The network.</param>
/// <param name="Postprocess">Decoding and NMS.</param>
/// <param name="Total">All three.</param>
/// <param name="AllocatedBytes">Managed memory that a frame leaves behind.</param>
internal sealed record BenchRow(string Input, string Precision, int Prompts, Spread Preprocess, Spread Inference, Spread Postprocess, Spread Total, double AllocatedBytes)
{
    internal double FramesPerSecond => 1000 / Total.Median;

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("input", Input);
        json.WriteString("precision", Precision);
        json.WriteNumber("prompts", Prompts);
        foreach ((string name, Spread spread) in new[] { ("preprocess", Preprocess), ("inference", Inference), ("postprocess", Postprocess), ("total", Total) })
        {
            json.WriteStartObject(name);
            json.WriteNumber("medianMs", Math.Round(spread.Median, 4));
            json.WriteNumber("p95Ms", Math.Round(spread.P95, 4));
            json.WriteEndObject();
        }
        json.WriteNumber("framesPerSecond", Math.Round(FramesPerSecond, 2));
        json.WriteNumber("allocatedBytesPerFrame", AllocatedBytes);
        json.WriteEndObject();
    }
}
