namespace OpenVocab.Inference;

/// <summary>Where and how a session runs.</summary>
/// <param name="Device">Where; <see cref="ExecutionDevice.Auto"/> is resolved when a session is opened.</param>
/// <param name="Threads">Cores of the processor that it may use; 0: all that the process may use.</param>
internal readonly record struct DeviceSettings(ExecutionDevice Device, int Threads)
{
    /// <summary>The processor, with all of its cores.</summary>
    internal static DeviceSettings Processor { get; } = new(ExecutionDevice.Cpu, 0);

    /// <summary>Whether threads that wait for work look for it without rest for a while.</summary>
    internal bool Spins { get; init; } = true;

    /// <summary>How many runs share the threads.</summary>
    internal int ParallelRuns { get; init; } = 1;

    /// <summary>Threads of one run.</summary>
    internal int ThreadsOfRun => Math.Max(1, (Threads > 0 ? Threads : Environment.ProcessorCount) / ParallelRuns);

    /// <summary>Number of the graphics card.</summary>
    internal int GpuId { get; init; }

    /// <summary>Whether TensorRT may compute with half precision.</summary>
    internal bool HalfPrecision { get; init; }

    /// <summary>Where TensorRT keeps the engines that it builds, which takes minutes; null: nowhere.</summary>
    internal string? EngineCache { get; init; }
}
