using OpenVocab.Clip;

namespace OpenVocab.Models.Tests.Clip;

/// <summary>The golden CLIP as a bundle with a tokenizer, and open. Its weights are random: only arithmetic can be tested with it.</summary>
public sealed class ClipBundle : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ClipBundle()
    {
        ModelImporter.Import(TinyClip.Weights, Path, new() { Tokenizer = TinyClip.WriteTokenizer(_folder["tokenizer"]) });
        Encoder = ClipImageEncoder.Load(Path);
    }

    public string Path => _folder["clip"];

    public ClipImageEncoder Encoder { get; }

    public void Dispose()
    {
        Encoder.Dispose();
        _folder.Dispose();
    }
}
