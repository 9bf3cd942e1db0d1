using System.Runtime.InteropServices;
using Google.Protobuf;
using OpenVocab.Models.Onnx;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Quantization;

/// <summary>The weights of a convolution as 8-bit numbers, a scale for each channel that it gives; zero stands for zero.</summary>
/// <param name="Scales">A number for each channel.</param>
/// <param name="Levels">As long as the weights.</param>
internal sealed record QuantizedWeights(float[] Scales, sbyte[] Levels)
{
    /// <param name="weights">Channel after channel.</param>
    /// <param name="channels">How many.</param>
    /// <param name="bits">8; or 7, which processors without VNNI need: they add pairs of products in 16 bits, where 255 · 127 · 2 has no room.</param>
    internal static QuantizedWeights Of(ReadOnlySpan<float> weights, int channels, int bits)
    {
        int most = (1 << (bits - 1)) - 1, length = weights.Length / channels;
        float[] scales = new float[channels];
        sbyte[] levels = new sbyte[weights.Length];
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<float> row = weights.Slice(channel * length, length);
            float largest = MathF.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(row));
            float scale = scales[channel] = largest > 0 ? largest / most : 1;
            for (int i = 0; i < length; i++) { levels[channel * length + i] = (sbyte)Math.Clamp(MathF.Round(row[i] / scale), -most, most); }
        }
        return new(scales, levels);
    }

    /// <summary>
    /// What rounding the weights takes from the mean of each channel: rounding errors times the mean inputs. Added to the bias, it leaves the means as they were (Nagel et al. 2019, "Data-Free
    /// Quantization through Weight Equalization and Bias Correction", section 4.2).
    /// </summary>
    /// <param name="weights">Before rounding.</param>
    /// <param name="means">Of each channel that the convolution takes.</param>
    /// <param name="groups">Of the convolution.</param>
    internal double[] Loss(ReadOnlySpan<float> weights, double[] means, int groups)
    {
        int channels = Scales.Length, length = weights.Length / channels, taken = means.Length / groups, kernel = length / taken;
        double[] loss = new double[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            int group = channel / (channels / groups);
            for (int i = 0; i < length; i++)
            {
                int at = channel * length + i;
                loss[channel] += (weights[at] - (double)Levels[at] * Scales[channel]) * means[group * taken + i / kernel];
            }
        }
        return loss;
    }

    /// <summary>The bias in the unit that the sum of products has: the scale of the input times that of the channel.</summary>
    internal int[] Bias(ReadOnlySpan<float> bias, double[] loss, float inputScale)
    {
        int[] rounded = new int[bias.Length];
        for (int channel = 0; channel < bias.Length; channel++)
        {
            double level = Math.Round((bias[channel] + (loss.Length > 0 ? loss[channel] : 0)) / ((double)inputScale * Scales[channel]));
            rounded[channel] = (int)Math.Clamp(level, int.MinValue, int.MaxValue);
        }
        return rounded;
    }

    internal static TensorProto Tensor<T>(string name, DataType type, ReadOnlySpan<T> values, params IEnumerable<long> shape) where T : unmanaged
    {
        TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
        tensor.Dims.Add(shape);
        return tensor;
    }
}
