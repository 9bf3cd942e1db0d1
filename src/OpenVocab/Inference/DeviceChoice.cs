using System.Text.RegularExpressions;

namespace OpenVocab.Inference;

/// <summary>Which device was taken, and why.</summary>
/// <param name="Device">Never <see cref="ExecutionDevice.Auto"/>.</param>
/// <param name="Reason">A clause for a sentence: what decided; null where the device was asked for.</param>
internal sealed partial record DeviceChoice(ExecutionDevice Device, string? Reason)
{
    /// <summary>Chooses among what this build of ONNX Runtime and the machine have.</summary>
    /// <param name="asked">What somebody wants.</param>
    /// <param name="providers">What the build has.</param>
    /// <param name="hasDriver">Whether the machine has an NVIDIA driver: a GPU build lists CUDA on every machine.</param>
    /// <exception cref="ModelException">The device that was asked for cannot be had; there is no falling back.</exception>
    internal static DeviceChoice Make(ExecutionDevice asked, IReadOnlyCollection<string> providers, bool hasDriver)
    {
        bool cuda = providers.Contains("CUDAExecutionProvider"), tensorRt = providers.Contains("TensorrtExecutionProvider");
        if (asked == ExecutionDevice.Auto)
        {
            return !cuda ? new(ExecutionDevice.Cpu, "this build has no CUDA")
                : !hasDriver ? new(ExecutionDevice.Cpu, "there is no NVIDIA driver")
                : new(ExecutionDevice.Cuda, "this build has CUDA and there is an NVIDIA driver");
        }
        if ((asked == ExecutionDevice.Cuda && !cuda) || (asked == ExecutionDevice.TensorRt && !tensorRt))
        {
            throw new ModelException($"The device {asked} was asked for; this build of ONNX Runtime has {string.Join(", ", providers)}.", Remedy);
        }
        return asked == ExecutionDevice.Cpu || hasDriver ? new(asked, null) : throw new ModelException($"The device {asked} was asked for; this machine has no NVIDIA driver (/dev/nvidiactl).", Remedy);
    }

    /// <summary>What to do where a graphics card cannot be had.</summary>
    internal const string Remedy =
        "Use a build with Microsoft.ML.OnnxRuntime.Gpu (dotnet build -p:Gpu=true) on a machine with an NVIDIA driver, CUDA and cuDNN, or choose the CPU.";

    /// <summary>What lacks where a provider's library does not load, as ONNX Runtime reports it: the library and the version that it wants.</summary>
    /// <returns>Null where the message says something else.</returns>
    internal static string? MissingLibrary(string message)
    {
        // "…libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file…"; Windows: "…which depends on "cudnn64_9.dll" which is missing"
        Match found = Missing().Match(message);
        if (!found.Success) { return null; }
        string library = found.Groups["unix"].Success ? found.Groups["unix"].Value : found.Groups["windows"].Value;
        Match version = Version().Match(library);
        string product = library.Contains("cudnn", StringComparison.OrdinalIgnoreCase) ? "cuDNN"
            : library.Contains("nvinfer", StringComparison.OrdinalIgnoreCase) || library.Contains("nvonnxparser", StringComparison.OrdinalIgnoreCase) ? "TensorRT"
            : library.Contains("cublas", StringComparison.OrdinalIgnoreCase) || library.Contains("cudart", StringComparison.OrdinalIgnoreCase) || library.Contains("cufft", StringComparison.OrdinalIgnoreCase) || library.Contains("curand", StringComparison.OrdinalIgnoreCase) ? "CUDA"
            : "";
        return product.Length == 0 ? $"the library {library} is missing" : $"the library {library} is missing: it belongs to {product}{(version.Success ? $" {version.Groups[1].Value}" : "")}";
    }

    [GeneratedRegex("""(?<unix>lib[\w.+-]+\.so[\w.]*): cannot open shared object file|"(?<windows>[\w.+-]+\.dll)" which is missing""")]
    private static partial Regex Missing();

    [GeneratedRegex(@"(?:\.so\.|64_)(\d+)")]
    private static partial Regex Version();
}
