using OpenVocab.TestKit;

namespace OpenVocab.Fuzz;

/// <summary>Where changed files begin: small honest ones of every kind, and the hostile ones.</summary>
internal static class FuzzSeeds
{
    /// <summary>Files up to a size; small ones are tried hundreds of times in the time of a large one.</summary>
    internal static IReadOnlyList<byte[]> UpTo(int bytes) =>
    [
        .. Directory.EnumerateFiles(Golden.Path("clip", "containers")).Where(path => !path.EndsWith(".json", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(Golden.Path("yolo-world"), "*.pt")).Concat([Golden.Path("clip", "tiny-openai.pt"), Golden.Path("clip", "tiny-hf", "model.safetensors")])
            .Order(StringComparer.Ordinal).Where(path => new FileInfo(path).Length <= bytes).Select(File.ReadAllBytes),
        .. HostilePickles.All().Concat(HostileContainers.All()).Select(hostile => hostile.Content()).Where(content => content.Length <= Math.Min(bytes, 100_000) && content.Length > 0),
    ];
}
