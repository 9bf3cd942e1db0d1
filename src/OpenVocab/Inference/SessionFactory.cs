using Microsoft.ML.OnnxRuntime;

namespace OpenVocab.Inference;

/// <summary>Opens ONNX files on a device, and puts ONNX Runtime's errors into words.</summary>
internal static class SessionFactory
{
    private const string GpuRemedy =
        "Use a build with Microsoft.ML.OnnxRuntime.Gpu (dotnet build -p:Gpu=true) on a machine with an NVIDIA driver, CUDA and cuDNN, or choose the CPU.";

    /// <summary>Opens a model.</summary>
    /// <param name="path">ONNX file; read by path, so that external data resolves beside it.</param>
    /// <param name="device">Where to run; <see cref="ExecutionDevice.Auto"/> is resolved.</param>
    /// <param name="threads">Threads inside one operator; 0: one per core that the process may use.</param>
    /// <param name="used">The device that the session runs on.</param>
    /// <exception cref="ModelException">The file or the device cannot be used.</exception>
    internal static InferenceSession Open(string path, ExecutionDevice device, int threads, out ExecutionDevice used)
    {
        if (!File.Exists(path))
        {
            throw new ModelException($"{path}: there is no such file.", "Check the path of the model.");
        }
        used = Resolve(device);
        using SessionOptions options = new()
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads > 0 ? threads : Environment.ProcessorCount,
        };
        try
        {
            if (used == ExecutionDevice.TensorRt) { options.AppendExecutionProvider_Tensorrt(); }
            if (used is ExecutionDevice.Cuda or ExecutionDevice.TensorRt) { options.AppendExecutionProvider_CUDA(); }
            return new InferenceSession(path, options);
        }
        catch (Exception fault) when (fault is OnnxRuntimeException or EntryPointNotFoundException)
        {
            throw used == ExecutionDevice.Cpu
                ? new ModelException(
                    $"{path}: ONNX Runtime cannot open this file: {FirstLine(fault)}",
                    "Check that the file is a whole ONNX model, or fetch it again.", fault)
                : new ModelException($"{path}: no session on {used}: {FirstLine(fault)}", GpuRemedy, fault);
        }
    }

    /// <summary>Puts an error of a run into words.</summary>
    internal static ModelException RunFailed(string path, OnnxRuntimeException fault) => new(
        $"{path}: the network failed: {FirstLine(fault)}",
        "Check the input size and the number of prompts against what the model takes.", fault);

    private static ExecutionDevice Resolve(ExecutionDevice device)
    {
        string[] providers = OrtEnv.Instance().GetAvailableProviders();
        bool cuda = providers.Contains("CUDAExecutionProvider");
        bool tensorRt = providers.Contains("TensorrtExecutionProvider");
        if (device == ExecutionDevice.Auto) { return cuda && HasNvidiaDriver() ? ExecutionDevice.Cuda : ExecutionDevice.Cpu; }
        if ((device == ExecutionDevice.Cuda && !cuda) || (device == ExecutionDevice.TensorRt && !tensorRt))
        {
            throw new ModelException(
                $"The device {device} was asked for; this build of ONNX Runtime has {string.Join(", ", providers)}.", GpuRemedy);
        }
        return device;
    }

    // A GPU build lists CUDA on every machine: only the driver tells whether there is a device.
    private static bool HasNvidiaDriver() => File.Exists("/dev/nvidiactl") || OperatingSystem.IsWindows();

    private static string FirstLine(Exception fault) => fault.Message.ReplaceLineEndings("\n").Split('\n')[0];
}
