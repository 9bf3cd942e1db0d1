using OpenVocab.Decoding;

namespace OpenVocab.Inference;

/// <summary>Everything that tells what the outputs of a network are.</summary>
/// <param name="Outputs">In the order of the file.</param>
/// <param name="Height">Height of the input in the trial run.</param>
/// <param name="Width">Width of the input in the trial run.</param>
/// <param name="Classes">How many prompts it was given or how many names the file has; -1: nobody knows.</param>
internal sealed record OutputFacts(IReadOnlyList<OutputFact> Outputs, int Height, int Width, int Classes)
{
    /// <summary>Rounding of a float16 network may lift a probability a little above 1.</summary>
    private const float ProbabilitySlack = 1e-3f;

    /// <summary>How many anchors a network with the usual strides (8, 16, 32) has.</summary>
    internal int UsualAnchors { get; } = AnchorGrid.CountJoined(Width, Height);

    internal IReadOnlyList<OutputFact> OfRank(int rank) => [.. Outputs.Where(output => output.Rank == rank && output.IsFloat)];

    /// <summary>What some channels of an output gave: a value that no probability can have makes them logits.</summary>
    internal static bool AreLogits(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (value is < -ProbabilitySlack or > 1 + ProbabilitySlack) { return true; }
        }
        return false;
    }

    /// <summary>The values of some channels of the first picture, anchor by anchor or channel by channel.</summary>
    internal static float[] Select(OutputFact output, bool channelsLast, Range channels)
    {
        OutputTensor tensor = new() { Values = output.Values, Shape = [.. output.Shape.Select(side => (long)side)], Count = output.Values.Length };
        ChannelView view = new ChannelRange(0, channelsLast, channels).Of(new NetworkOutputs(tensor), 0);
        float[] values = new float[view.Channels * view.Anchors];
        for (int channel = 0, at = 0; channel < view.Channels; channel++)
        {
            for (int anchor = 0; anchor < view.Anchors; anchor++) { values[at++] = view[channel, anchor]; }
        }
        return values;
    }
}
