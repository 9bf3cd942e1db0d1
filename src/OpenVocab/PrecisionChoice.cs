using OpenVocab.Bundles;
using OpenVocab.Inference;

namespace OpenVocab;

/// <summary>Which form of a bundle's detector is run.</summary>
/// <param name="Precision">Never <see cref="ExecutionPrecision.Auto"/>.</param>
/// <param name="Path">Its file.</param>
internal sealed record PrecisionChoice(ExecutionPrecision Precision, string Path)
{
    private const int SafeBits = 7;

    /// <param name="asked">What somebody wants.</param>
    /// <param name="bundle">Has a float detector, and perhaps an 8-bit one.</param>
    /// <param name="device">Where it will run.</param>
    /// <param name="processor">What the processor can do.</param>
    /// <exception cref="ModelException">8 bits were asked for and cannot be had; there is no falling back.</exception>
    internal static PrecisionChoice Make(ExecutionPrecision asked, ModelBundle bundle, ExecutionDevice device, ProcessorFeatures processor)
    {
        PrecisionChoice plain = new(ExecutionPrecision.Full, bundle.Require(BundleRoles.Detector).Path);
        if (asked == ExecutionPrecision.Full) { return plain; }
        BundleFile? int8 = bundle.Find(BundleRoles.QuantizedDetector);
        if (asked == ExecutionPrecision.Auto) { return int8 is not null && device == ExecutionDevice.Cpu && processor.HasDotProduct ? new(ExecutionPrecision.Quantized, int8.Path) : plain; }
        if (int8 is null) { throw new ModelException($"{bundle.Name}: 8-bit numbers were asked for; the bundle has no detector of that kind.", "Make one: openvocab models quantize."); }
        if (device != ExecutionDevice.Cpu) { throw new ModelException($"8-bit numbers were asked for on {device}; they are for processors.", "Leave the precision out, or take the processor: --device cpu."); }
        if (processor.Saturates && bundle.Quantization!.WeightBits > SafeBits)
        {
            throw new ModelException($"{bundle.Name}: its 8-bit detector has weights of {bundle.Quantization!.WeightBits} bits; this processor has no VNNI and adds their products in 16 bits, which overflow.", $"Run it with --precision fp32, or quantize with weights of {SafeBits} bits: openvocab models quantize --weight-bits {SafeBits}.");
        }
        return new(ExecutionPrecision.Quantized, int8.Path);
    }
}
