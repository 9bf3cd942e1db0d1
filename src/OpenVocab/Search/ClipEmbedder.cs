using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Clip;

namespace OpenVocab.Search;

/// <summary>Embeds by CLIP. Safe for several threads.</summary>
public sealed class ClipEmbedder : IPictureEmbedder
{
    private readonly ClipImageEncoder _clip;

    /// <summary>Makes one.</summary>
    /// <param name="clip">With a text encoder, if texts are to be asked for. Stays the caller's.</param>
    public ClipEmbedder(ClipImageEncoder clip)
    {
        ArgumentNullException.ThrowIfNull(clip);
        _clip = clip;
        ModelBundle bundle = clip.Bundle;
        BundleFile encoder = bundle.Find(BundleRoles.ImageEncoder) ?? bundle.Files[0];
        Model = new(bundle.Name, encoder.Sha256, clip.Dimensions, bundle.Find(BundleRoles.ImageEncoder) is null ? encoder.Path : bundle.Folder);
    }

    /// <inheritdoc/>
    public EmbeddingModel Model { get; }

    /// <inheritdoc/>
    public float[][] Embed(ReadOnlySpan<Mat> pictures) => _clip.Encode(pictures);

    /// <inheritdoc/>
    public float[] Embed(string text) => _clip.EncodeText(text);
}
