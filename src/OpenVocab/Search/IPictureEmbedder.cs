using OpenCvSharp;

namespace OpenVocab.Search;

/// <summary>
/// Turns pictures and texts into vectors that can be compared with each other: what an <see cref="ImageIndex"/> is filled and asked with. <see cref="ClipEmbedder"/> does it by CLIP; a network of
/// one's own is another implementation.
/// </summary>
/// <remarks>Implementations are safe for several threads.</remarks>
public interface IPictureEmbedder
{
    /// <summary>Which network it is.</summary>
    EmbeddingModel Model { get; }

    /// <summary>Embeds pictures.</summary>
    /// <param name="pictures">BGR, 8 bits, upright; sizes may differ. Not kept, not changed.</param>
    /// <returns>A unit vector for each, in their order.</returns>
    float[][] Embed(ReadOnlySpan<Mat> pictures);

    /// <summary>Embeds a text.</summary>
    /// <returns>A unit vector.</returns>
    float[] Embed(string text);
}
