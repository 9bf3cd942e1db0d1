using OpenVocab.Bundles;
using OpenVocab.Inference;

namespace OpenVocab.Tests;

public sealed class PrecisionChoiceTests
{
    private static readonly ProcessorFeatures s_new = new(HasDotProduct: true, Saturates: false), s_old = new(HasDotProduct: false, Saturates: true), s_plain = new(HasDotProduct: false, Saturates: false);
    private static readonly ModelBundle s_both = ModelBundle.OpenDefault(), s_float = ModelBundle.Open(RepositoryFiles.Get("models", "default", "detector.onnx"));

    [Fact]
    public void Auto_takes_8_bits_where_they_are_faster_and_exact()
    {
        Assert.Equal(ExecutionPrecision.Quantized, Make(ExecutionPrecision.Auto, s_both, ExecutionDevice.Cpu, s_new));
        Assert.Equal(ExecutionPrecision.Full, Make(ExecutionPrecision.Auto, s_both, ExecutionDevice.Cpu, s_old));
        Assert.Equal(ExecutionPrecision.Full, Make(ExecutionPrecision.Auto, s_both, ExecutionDevice.Cpu, s_plain));
        Assert.Equal(ExecutionPrecision.Full, Make(ExecutionPrecision.Auto, s_both, ExecutionDevice.Cuda, s_new));
        Assert.Equal(ExecutionPrecision.Full, Make(ExecutionPrecision.Auto, s_float, ExecutionDevice.Cpu, s_new));
        Assert.Equal(ExecutionPrecision.Full, Make(ExecutionPrecision.Full, s_both, ExecutionDevice.Cpu, s_new));
        Assert.Equal(ExecutionPrecision.Quantized, Make(ExecutionPrecision.Quantized, s_both, ExecutionDevice.Cpu, s_plain));
    }

    [Fact]
    public void What_was_asked_for_and_cannot_be_had_is_an_error()
    {
        ModelException Refused(ModelBundle bundle, ExecutionDevice device, ProcessorFeatures processor) => Assert.Throws<ModelException>(() => Make(ExecutionPrecision.Quantized, bundle, device, processor));

        Assert.Contains("weights of 8 bits; this processor has no VNNI", Refused(s_both, ExecutionDevice.Cpu, s_old).Message, StringComparison.Ordinal);
        Assert.Contains("--weight-bits 7", Refused(s_both, ExecutionDevice.Cpu, s_old).Remedy, StringComparison.Ordinal);
        Assert.Contains("the bundle has no detector of that kind", Refused(s_float, ExecutionDevice.Cpu, s_new).Message, StringComparison.Ordinal);
        Assert.Contains("asked for on Cuda", Refused(s_both, ExecutionDevice.Cuda, s_new).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_detector_says_what_it_computes_with()
    {
        using Detector plain = Detector.Load(new DetectorOptions { Precision = ExecutionPrecision.Full }), chosen = Detector.Load();

        Assert.Equal(ExecutionPrecision.Full, plain.Precision);
        Assert.Equal(ProcessorFeatures.Here.HasDotProduct ? ExecutionPrecision.Quantized : ExecutionPrecision.Full, chosen.Precision);
    }

    private static ExecutionPrecision Make(ExecutionPrecision asked, ModelBundle bundle, ExecutionDevice device, ProcessorFeatures processor) => PrecisionChoice.Make(asked, bundle, device, processor).Precision;
}
