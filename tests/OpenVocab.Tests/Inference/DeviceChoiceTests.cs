using OpenVocab.Inference;

namespace OpenVocab.Tests.Inference;

public class DeviceChoiceTests
{
    private const string Cpu = "CPUExecutionProvider", Cuda = "CUDAExecutionProvider", TensorRt = "TensorrtExecutionProvider";

    [Theory]
    [InlineData(true, ExecutionDevice.Cpu, "this build has no CUDA", Cpu)]
    [InlineData(false, ExecutionDevice.Cpu, "there is no NVIDIA driver", Cuda, Cpu)]
    [InlineData(true, ExecutionDevice.Cuda, "this build has CUDA and there is an NVIDIA driver", Cuda, Cpu)]
    public void What_is_left_open_is_chosen_and_the_reason_is_told(bool driver, ExecutionDevice expected, string reason, params string[] providers) =>
        Assert.Equal(new DeviceChoice(expected, reason), DeviceChoice.Make(ExecutionDevice.Auto, providers, driver));

    [Theory]
    [InlineData(ExecutionDevice.Cuda, true, "this build of ONNX Runtime has CPUExecutionProvider", Cpu)]
    [InlineData(ExecutionDevice.TensorRt, true, "The device TensorRt was asked for", Cuda, Cpu)]
    [InlineData(ExecutionDevice.Cuda, false, "this machine has no NVIDIA driver", Cuda, Cpu)]
    [InlineData(ExecutionDevice.TensorRt, false, "this machine has no NVIDIA driver", TensorRt, Cuda, Cpu)]
    public void What_was_asked_for_and_cannot_be_had_is_never_replaced(ExecutionDevice asked, bool driver, string words, params string[] providers)
    {
        ModelException thrown = Assert.Throws<ModelException>(() => DeviceChoice.Make(asked, providers, driver));
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Gpu=true", thrown.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_processor_needs_no_reason() => Assert.Equal(new DeviceChoice(ExecutionDevice.Cpu, null), DeviceChoice.Make(ExecutionDevice.Cpu, [Cuda, Cpu], hasDriver: true));

    [Theory]
    [InlineData("Failed to load library libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file or directory", "the library libcudnn.so.9 is missing: it belongs to cuDNN 9")]
    [InlineData("error: libcublasLt.so.12: cannot open shared object file: No such file", "the library libcublasLt.so.12 is missing: it belongs to CUDA 12")]
    [InlineData("error: libnvinfer.so.10: cannot open shared object file: No such file", "the library libnvinfer.so.10 is missing: it belongs to TensorRT 10")]
    [InlineData("error: libgomp.so.1: cannot open shared object file: No such file", "the library libgomp.so.1 is missing")]
    [InlineData("Error loading \"onnxruntime_providers_cuda.dll\" which depends on \"cudnn64_9.dll\" which is missing.", "the library cudnn64_9.dll is missing: it belongs to cuDNN 9")]
    [InlineData("CUDA failure 100: no CUDA-capable device is detected", null)]
    public void A_library_that_lacks_is_named_with_its_version(string message, string? expected) => Assert.Equal(expected, DeviceChoice.MissingLibrary(message));

    [Fact]
    public void Half_precision_without_tensorrt_is_refused() =>
        Assert.Contains("HalfPrecision is for TensorRT alone; the device is Auto", Assert.Throws<ArgumentException>(() => Detector.Load(new DetectorOptions { HalfPrecision = true })).Message, StringComparison.Ordinal);
}
