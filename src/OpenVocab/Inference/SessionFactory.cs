using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace OpenVocab.Inference;

/// <summary>Opens ONNX files on a device, and puts ONNX Runtime's errors into words.</summary>
internal static class SessionFactory
{
    /// <summary>Opens a model.</summary>
    /// <param name="path">ONNX file; read by path, so that external data resolves beside it.</param>
    /// <param name="settings">Where and how to run.</param>
    /// <param name="used">The device that the session runs on.</param>
    /// <exception cref="ModelException">The file or the device cannot be used.</exception>
    internal static InferenceSession Open(string path, DeviceSettings settings, out DeviceChoice used)
    {
        if (!File.Exists(path))
        {
            throw new ModelException($"{path}: there is no such file.", "Check the path of the model.");
        }
        used = Choose(settings.Device);
        using SessionOptions options = new()
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = settings.ThreadsOfRun,
        };
        if (!settings.Spins) { options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"); }
        try
        {
            if (used.Device == ExecutionDevice.TensorRt) { AppendTensorRt(options, settings); }
            if (used.Device is ExecutionDevice.Cuda or ExecutionDevice.TensorRt) { AppendCuda(options, settings); }
            return new InferenceSession(path, options);
        }
        catch (Exception fault) when (fault is OnnxRuntimeException or EntryPointNotFoundException)
        {
            throw used.Device == ExecutionDevice.Cpu
                ? new ModelException(
                    $"{path}: ONNX Runtime cannot open this file: {FirstLine(fault)}",
                    "Check that the file is a whole ONNX model, or fetch it again.", fault)
                : new ModelException($"{path}: no session on {used.Device}: {DeviceChoice.MissingLibrary(fault.Message) ?? FirstLine(fault)}", DeviceChoice.Remedy, fault);
        }
    }

    /// <summary>The device that a session would run on.</summary>
    /// <exception cref="ModelException">It cannot be had.</exception>
    internal static DeviceChoice Choose(ExecutionDevice asked) => DeviceChoice.Make(asked, OrtEnv.Instance().GetAvailableProviders(), HasNvidiaDriver());

    /// <summary>Puts an error of a run into words.</summary>
    internal static ModelException RunFailed(string path, OnnxRuntimeException fault) => new(
        $"{path}: the network failed: {FirstLine(fault)}",
        "Check the input size and the number of prompts against what the model takes.", fault);

    private static void AppendCuda(SessionOptions options, DeviceSettings settings)
    {
        using OrtCUDAProviderOptions cuda = new();
        // The default tries all algorithms of cuDNN anew for every shape, which takes seconds; its own guess is a few percent slower.
        cuda.UpdateOptions(new Dictionary<string, string> { ["device_id"] = Number(settings.GpuId), ["cudnn_conv_algo_search"] = "HEURISTIC" });
        options.AppendExecutionProvider_CUDA(cuda);
    }

    private static void AppendTensorRt(SessionOptions options, DeviceSettings settings)
    {
        using OrtTensorRTProviderOptions tensorRt = new();
        Dictionary<string, string> wanted = new() { ["device_id"] = Number(settings.GpuId), ["trt_fp16_enable"] = settings.HalfPrecision ? "1" : "0" };
        if (settings.EngineCache is { } folder)
        {
            Directory.CreateDirectory(folder);
            foreach (string cache in (string[])["engine", "timing"])
            {
                wanted[$"trt_{cache}_cache_enable"] = "1";
                wanted[$"trt_{cache}_cache_path"] = folder;
            }
        }
        tensorRt.UpdateOptions(wanted);
        options.AppendExecutionProvider_Tensorrt(tensorRt);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    // Windows has no such file; there the session itself says what lacks.
    private static bool HasNvidiaDriver() => File.Exists("/dev/nvidiactl") || OperatingSystem.IsWindows();

    private static string FirstLine(Exception fault) => fault.Message.ReplaceLineEndings("\n").Split('\n')[0];
}
