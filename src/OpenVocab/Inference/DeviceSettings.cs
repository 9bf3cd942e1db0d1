namespace OpenVocab.Inference;

/// <summary>Where and how a session runs.</summary>
/// <param name="Device">Where; <see cref="ExecutionDevice.Auto"/> is resolved when a session is opened.</param>
/// <param name="Threads">Threads inside one operator on the processor; 0: one for each core that the process may use.</param>
internal readonly record struct DeviceSettings(ExecutionDevice Device, int Threads)
{
    /// <summary>The processor, with all of its cores.</summary>
    internal static DeviceSettings Processor { get; } = new(ExecutionDevice.Cpu, 0);

    /// <summary>Number of the graphics card.</summary>
    internal int GpuId { get; init; }

    /// <summary>Whether TensorRT may compute with half precision.</summary>
    internal bool HalfPrecision { get; init; }

    /// <summary>Where TensorRT keeps the engines that it builds, which takes minutes; null: nowhere.</summary>
    internal string? EngineCache { get; init; }
}
