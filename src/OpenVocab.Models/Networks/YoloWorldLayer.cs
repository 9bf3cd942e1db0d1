using OpenVocab.Models.Checkpoints;

namespace OpenVocab.Models.Networks;

/// <summary>One layer of the network's list.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Type">Name of its class: Conv, C2f, C2fAttn, SPPF, Upsample, Concat, ImagePoolingAttn, WorldDetect.</param>
/// <param name="From">Which outputs it takes: -1 is the layer before, 0 and more a layer by its place.</param>
/// <param name="Module">Its weights and attributes; null where it has none.</param>
internal sealed record YoloWorldLayer(int Index, string Type, IReadOnlyList<long> From, CheckpointModule? Module);
