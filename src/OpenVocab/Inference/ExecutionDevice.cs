namespace OpenVocab.Inference;

/// <summary>Where networks run.</summary>
public enum ExecutionDevice
{
    /// <summary>CUDA where this build and machine have it, otherwise the CPU; <see cref="Detector.Device"/> tells which.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through CUDA. Needs a build with Microsoft.ML.OnnxRuntime.Gpu; fails where CUDA cannot be had.</summary>
    Cuda,

    /// <summary>An NVIDIA GPU through TensorRT. Needs a build with Microsoft.ML.OnnxRuntime.Gpu; fails where TensorRT cannot be had.</summary>
    TensorRt,
}
