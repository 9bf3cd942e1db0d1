using System.CommandLine;
using OpenVocab.Imaging;

namespace OpenVocab.Cli.Options;

/// <summary>The option <c>--max-pixels</c> as limits.</summary>
internal static class PixelLimit
{
    private const long Most = 1_000_000_000;

    internal static ImageLimits Read(Option<long?> option, ParseResult parsed) => parsed.GetValue(option) is { } pixels
        ? new() { MaxPixels = pixels is >= 1 and <= Most ? pixels : throw OptionRange.Error(option.Name, pixels, 1, Most) }
        : new();
}
