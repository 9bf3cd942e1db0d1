using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Search;

namespace OpenVocab.Cli.Searching;

/// <summary>Something that was found, as a sheet or a page shows it.</summary>
/// <param name="Numbers">Rank and score: what stands first.</param>
/// <param name="Name">What tells it from others.</param>
/// <param name="Path">Full path of its file.</param>
/// <param name="Small">Makes the small picture, which fits into a size; the caller disposes it; null where it cannot be read any more.</param>
internal sealed record ShownPicture(string Numbers, string Name, string Path, Func<Size, Mat?> Small)
{
    internal static IReadOnlyList<ShownPicture> Of(IReadOnlyList<ImageHit> hits, ImageLimits limits) =>
        [.. hits.Select((hit, i) => new ShownPicture(Invariant($"{i + 1}   {hit.Score:0.000}"), hit.Name, hit.Path, size => Thumbnail.Read(hit.Path, size, limits)))];
}
