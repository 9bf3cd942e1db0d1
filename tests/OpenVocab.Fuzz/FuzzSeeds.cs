using OpenVocab.TestKit;

namespace OpenVocab.Fuzz;

/// <summary>Where changed files begin.</summary>
/// <param name="Small">Honest files of every kind, of a few hundred bytes each: tried hundreds of times in the time of a network.</param>
/// <param name="Networks">Whole networks.</param>
/// <param name="Hostile">Files that are refused as they are.</param>
internal sealed record FuzzSeeds(IReadOnlyList<byte[]> Small, IReadOnlyList<byte[]> Networks, IReadOnlyList<byte[]> Hostile)
{
    private const int LargestSmall = 10_000, LargestHostile = 100_000;

    /// <summary>The golden files, and the hostile ones.</summary>
    /// <param name="bytes">Larger ones are left out.</param>
    internal static FuzzSeeds UpTo(int bytes)
    {
        IEnumerable<string> containers = Directory.EnumerateFiles(Golden.Path("clip", "containers")).Where(path => !path.EndsWith(".json", StringComparison.Ordinal) && !Path.GetFileName(path).StartsWith("bad-", StringComparison.Ordinal));
        IEnumerable<string> networks = [.. Directory.EnumerateFiles(Golden.Path("yolo-world"), "*.pt"), Golden.Path("clip", "tiny-openai.pt"), Golden.Path("clip", "tiny-hf", "model.safetensors")];
        byte[][] Read(IEnumerable<string> paths, int most) => [.. paths.Order(StringComparer.Ordinal).Where(path => new FileInfo(path).Length <= most).Select(File.ReadAllBytes)];
        return new(
            Read(containers, Math.Min(bytes, LargestSmall)), Read(networks, bytes),
            [.. HostilePickles.All().Concat(HostileContainers.All()).Select(hostile => hostile.Content()).Where(content => content.Length is > 0 and <= LargestHostile)]);
    }
}
