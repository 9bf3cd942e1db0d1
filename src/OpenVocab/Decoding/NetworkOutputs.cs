namespace OpenVocab.Decoding;

/// <summary>What one run of a network gave. Belongs to an inference slot; the next run replaces it.</summary>
internal sealed class NetworkOutputs
{
    internal NetworkOutputs(params OutputTensor[] tensors) => Tensors = tensors;

    /// <summary>The outputs that are decoded, in the order in which their layout wants them.</summary>
    internal OutputTensor[] Tensors { get; }

    /// <summary>What regions are before they meet any word; only where the run was asked for it.</summary>
    internal OutputTensor? Regions { get; init; }

    /// <summary>Height of the network's input in pixels.</summary>
    internal int InputHeight { get; set; }

    /// <summary>Width of the network's input in pixels.</summary>
    internal int InputWidth { get; set; }
}
