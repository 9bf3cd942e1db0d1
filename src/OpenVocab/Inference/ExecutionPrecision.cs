namespace OpenVocab.Inference;

/// <summary>What numbers a network is computed with.</summary>
public enum ExecutionPrecision
{
    /// <summary>8-bit numbers where the bundle has such a form of its detector and the processor has instructions for it; otherwise float32.</summary>
    Auto,

    /// <summary>float32: the same scores on every machine.</summary>
    Full,

    /// <summary>8-bit numbers inside, about twice as fast. Fails where the bundle has no such form, or the processor would compute it wrongly.</summary>
    Quantized,
}
