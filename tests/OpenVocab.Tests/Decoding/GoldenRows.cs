using OpenVocab.Bundles;
using OpenVocab.Decoding;

namespace OpenVocab.Tests.Decoding;

/// <summary>Runs decoder and NMS on a stored output, and lays the result out as the reference stores it: x1, y1, x2, y2, score, class.</summary>
internal static class GoldenRows
{
    internal static List<float[]> Decode(NpyFile prediction, int picture, DecodeSettings settings, IOutputDecoder decoder, out List<int> anchors)
    {
        OutputTensor output = new() { Values = prediction.ToFloats(), Shape = [.. prediction.Shape.Select(side => (long)side)], Count = prediction.Count };
        Candidates candidates = new();
        List<int> kept = [];
        decoder.Decode(new NetworkOutputs(output), picture, settings, candidates);
        if (decoder.NeedsSuppression) { new NonMaxSuppression().Run(candidates, settings, kept); }
        else { NonMaxSuppression.TakeFirst(candidates, settings, kept); }
        anchors = [.. kept.Select(i => candidates.Anchor[i])];
        return [.. kept.Select(i => new[]
        {
            candidates.X1[i], candidates.Y1[i], candidates.X2[i], candidates.Y2[i], candidates.Score[i], candidates.ClassId[i],
        })];
    }

    internal static List<float[]> Read(NpyFile rows) => [.. rows.ToFloats().Chunk(6)];
}
